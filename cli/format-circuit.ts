import type { CircuitRow, CircuitScope } from '../lib/core/circuit/circuit-row.ts';
import { circuitReasonText } from '../lib/core/circuit/token-problem.ts';
import { scopeOption, toType } from '../lib/core/operator/cli-hints.ts';
import { adviceOn } from '../lib/core/operator/posting-problems.ts';
import { scopeName } from '../lib/core/operator/problem.ts';
import { nextTryOf } from '../lib/core/operator/stop-end.ts';
import { plain } from '../local/plain-text.ts';
import type { Page } from './page.ts';
import type { Target } from './target.ts';

/** `Posting`, `Brand 144`, `Feed newsroom`. */
export const scopeText = (scope: CircuitScope): string => (scope === 'all' ? 'Posting' : scopeName(scope));

/** What neither `pause` nor `resume` changes: a feed that feeds.yml itself pauses. */
export const pausedInFileText = ({ id, paused }: { id: string; paused: boolean }): string | null =>
  paused
    ? `Feed ${id} is paused in feeds.yml (paused: true). It is neither polled nor posted until you remove that.`
    : null;

/** A remedy, followed by its command if it has one. */
export const adviceText = ({ remedy, command }: { remedy: string; command: string | null }): string =>
  command === null ? remedy : `${remedy} ${command}`;

type Surroundings = Pick<Target, 'where' | 'start' | 'isRunning'>;

/**
 * An open circuit: what has stopped, since when, why, the next try and what to do. `circuits`: all that are open, of
 * which a pause of everything keeps the others from being tried.
 */
export const circuitText = (
  page: Page,
  row: CircuitRow,
  { where, start, isRunning }: Surroundings,
  circuits: readonly CircuitRow[] = [row],
): string => {
  const { scope, reason, person, openedAt } = row;
  const around = { where, start, isWorking: isRunning, circuits };
  const subject = scope === 'all' ? 'Posting' : `${scopeText(scope)}: posting`;
  const since = `since ${page.time(openedAt)}`;
  const by = person === undefined ? '' : ` by ${plain(person)}`;
  const what =
    reason === 'person' ? `paused${by} ${since}` : `stopped ${since}: ${plain(circuitReasonText(row))}`;
  const times = [
    ...(row.lastError === undefined ? [] : [`Last tried ${page.time(row.triedAt)}.`]),
    page.nextTry(nextTryOf(row, around)),
  ];
  const advice =
    reason === 'person'
      ? `Resume it: ${toType(`resume${scopeOption(scope)}`, where)}`
      : adviceText(adviceOn(row, around));
  return [`${subject} ${what}.`, ...times, advice].filter((part) => part !== '').join(' ');
};
