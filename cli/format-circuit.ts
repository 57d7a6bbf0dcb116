import type { CircuitRow, CircuitScope } from '../lib/core/circuit/circuit-row.ts';
import { circuitReasonText, isTokenProblem } from '../lib/core/circuit/token-problem.ts';
import { scopeOption, toType } from '../lib/core/operator/cli-hints.ts';
import { tokenAdvice } from '../lib/core/operator/posting-problems.ts';
import { scopeName } from '../lib/core/operator/problem.ts';
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

type Surroundings = Pick<Target, 'where' | 'isRunning'>;

const remedyOf = ({ scope, reason }: CircuitRow, { where, isRunning }: Surroundings): string => {
  if (reason === 'person') return `Resume it: ${toType(`resume${scopeOption(scope)}`, where)}`;
  if (isTokenProblem(reason)) return adviceText(tokenAdvice(where));
  if (reason === 'forbidden') return 'Ask Dash Social for access, or correct brand_id in feeds.yml.';
  return isRunning ? 'It resumes automatically.' : 'It is tried again once the service runs.';
};

/** An open circuit: what has stopped, since when, why, the next try and what to do. */
export const circuitText = (page: Page, row: CircuitRow, target: Surroundings): string => {
  const { scope, reason, person, openedAt, openUntil } = row;
  const subject = scope === 'all' ? 'Posting' : `${scopeText(scope)}: posting`;
  const since = `since ${page.time(openedAt)}`;
  const by = person === undefined ? '' : ` by ${plain(person)}`;
  const what = reason === 'person' ? `paused${by} ${since}` : `stopped ${since}: ${circuitReasonText(row)}`;
  const next = openUntil === null || !target.isRunning ? '' : ` ${page.nextTry(openUntil)}`;
  return `${subject} ${what}.${next} ${remedyOf(row, target)}`;
};
