import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Target } from '../cli/target.ts';
import { feedReader } from '../cli/view.ts';
import type { Clock } from '../lib/core/ports.ts';
import { logFile } from '../local/log-file.ts';
import type { ConsoleContext } from './context.ts';
import { openNotices } from './notices.ts';
import { pollsOfLog } from './read-polls.ts';

type ConsoleOptions = {
  target: Target;
  by: string;
  clock: Clock;
  /** The data folder on this machine; null for a stage. */
  data: string | null;
  onError: ConsoleContext['onError'];
};

const localMs = 4_000;
/** Slower on a stage, because reads are billed. */
const stageMs = 60_000;

/** The context of the console for a target. */
export const openConsoleContext = ({ data, ...given }: ConsoleOptions): ConsoleContext => ({
  ...given,
  ...feedReader({ clock: given.clock, vault: given.target.vault, config: given.target.config() }),
  readPolls: data === null ? null : pollsOfLog(join(data, logFile)),
  visitor: null,
  onAction: () => {},
  token: randomBytes(32).toString('base64url'),
  notices: openNotices(),
  attention: { latest: null },
  everyMs: data === null ? stageMs : localMs,
});
