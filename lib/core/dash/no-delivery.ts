import type { DashSocial } from '../ports.ts';

/** Stands in for Dash Social on a stage that delivers nothing: every post is kept back, every door is open. */
export const noDelivery: DashSocial = {
  create: async (_post, { mayLeave }) => (mayLeave() ? { kind: 'withheld' } : { kind: 'not-sent' }),
  probe: async () => ({ kind: 'up' }),
};
