import type { Tick } from '../core/messages.ts';
import type { Call } from '../core/ports.ts';
export const pollFeeds =
  (_services: unknown) =>
  async (_tick: Tick, _call: Call): Promise<void> => {};
