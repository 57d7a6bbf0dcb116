import type { DashSocial } from '../ports.ts';

/** Replaces Dash Social on a stage that delivers nothing: every post is withheld, every probe succeeds. */
export const noDelivery: DashSocial = {
  create: async (_post, { canStillSend }) => (canStillSend() ? { kind: 'withheld' } : { kind: 'not-sent' }),
  probe: async () => ({ kind: 'up' }),
};
