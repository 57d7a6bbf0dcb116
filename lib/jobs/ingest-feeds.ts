import type { FeedsMessage } from '../core/messages.ts';
import type { Call } from '../core/ports.ts';
export const ingestFeeds =
  (_services: unknown) =>
  async (_message: FeedsMessage & { receiveCount: number }, _call: Call): Promise<void> => {};
