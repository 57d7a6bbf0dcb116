import type { Config } from '../config/config.ts';

/** The origin at which people open the console; null without one. `stackUrl`: that of the stack, if it is deployed. */
export const consoleOrigin = (
  { console }: Pick<Config, 'console'>,
  stackUrl: string | undefined,
): string | null => (console && (console.publicUrl ?? stackUrl?.replace(/\/$/, '') ?? null)) || null;
