import type { WakeUp } from '../core/messages.ts';
import type { Call } from '../core/ports.ts';
export const createDraft =
  (_services: unknown) =>
  async (_message: WakeUp, _call: Call): Promise<void> => {};
