import { type BackOff, backOffMs } from '../../core/backoff.ts';
import { circuitFor } from '../../core/circuit/circuit-breaker.ts';
import type { Config, EnrichConfig } from '../../core/config/config.ts';
import { rowOwners } from '../../core/config/row-owners.ts';
import type { ReadAnswer } from '../../core/enrich/answer.ts';
import { hookOf } from '../../core/enrich/hook-of.ts';
import { AppError } from '../../core/errors.ts';
import {
  answered,
  ask,
  failed,
  goOnWithoutHook,
  holdUnasked,
  marginMs,
  maxTries,
  skipped,
} from '../../core/ledger/enrich-state.ts';
import type { Rerender, Transition } from '../../core/ledger/entry-state.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { WakeUp } from '../../core/polling/feed-message.ts';
import type { AskHook, CircuitStore, Clock, Invocation, Ledger, SendWakeUps } from '../../core/ports.ts';
import { changeRow } from '../change-row.ts';
import { renderAgain } from '../draft/render-again.ts';
import { askAbout } from './ask-hook.ts';

type EnrichPostDeps = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  /** Whether nothing is posted on this stage, so that a hook only previews. */
  preview: boolean;
  ledger: Pick<Ledger, 'read' | 'replace' | 'storedEntry'>;
  circuits: Pick<CircuitStore, 'rows'>;
  askHook: AskHook;
  sendWakeUps: SendWakeUps;
  clock: Clock;
  random: () => number;
};

/** How long a hook that gave no answer is left alone: a minute, then two. */
const retry = { firstMs: 60_000, maxMs: 10 * 60_000, jitter: 'none' } as const satisfies BackOff;

/**
 * Asks the hook of one row's feed about its post, and keeps the answer on the row, which then goes on to review or to
 * the queue. Safe to call any number of times, concurrently and with stale messages: a try is counted before it is
 * made, with the same key each time, and only its first answer is kept.
 */
export const enrichPost =
  (deps: EnrichPostDeps) =>
  async ({ key }: WakeUp, invocation: Invocation): Promise<void> => {
    const row = await deps.ledger.read(key);
    if (row?.type !== 'entry' || row.state !== 'enriching' || row.dueAt > deps.clock()) return;
    const hook = hookOf(deps.config, row);
    if (hook === null) return finish(deps, row, goOnWithoutHook(deps.clock()), invocation);
    if (await isPaused(deps, row)) return; // the sweep wakes it again
    if (lastWasLost(row)) return finish(deps, row, failure(deps, hook, row, noAnswerKept), invocation);
    if (invocation.remainingMs() < hook.timeoutMs + marginMs / 2) return;
    const rendered = await renderAgain(deps, row);
    if (rendered.kind === 'failed')
      return finish(deps, row, holdUnasked(deps.clock(), rendered.code, rendered.detail), invocation);
    const rerender: Rerender = rendered.kind === 'again' ? rendered.rerender : (same) => same;
    const asking = ask(deps.clock(), hook.timeoutMs);
    const asked = await changeRow(deps, key, (current) => asking(rerender(current)), row);
    if (asked) await askAndKeep(deps, hook, asked, invocation);
  };

const noAnswerKept = 'the worker stopped before it kept an answer';
const lastWasLost = ({ asking }: EntryRow): boolean => (asking?.tries ?? 0) >= maxTries;

/** A hook may do something that costs money or is visible, so it is not asked while you have paused its feed. */
const isPaused = async ({ config, circuits, clock }: EnrichPostDeps, row: EntryRow): Promise<boolean> =>
  rowOwners(config).some(({ id, paused }) => id === row.feed && paused) ||
  circuitFor(await circuits.rows(), row, clock()).person;

const askAndKeep = async (
  deps: EnrichPostDeps,
  hook: EnrichConfig,
  row: EntryRow,
  invocation: Invocation,
): Promise<void> => {
  const { post, storedAs } = row;
  if (post === null)
    return finish(deps, row, holdUnasked(deps.clock(), 'post.invalid', 'it has no post'), invocation);
  const stored = storedAs === null ? null : await deps.ledger.storedEntry(storedAs);
  const { preview, clock } = deps;
  try {
    const startedAt = clock();
    const answer = await askAbout(deps, hook, { row, stored, post, preview });
    const { key, feed, brand } = row;
    const outcome = answer.kind;
    invocation.report({ event: 'hook.asked', key, feed, brand, outcome, tookMs: clock() - startedAt });
    await finish(deps, row, settlement(deps, hook, row, answer), invocation);
  } catch (error) {
    if (!(error instanceof AppError)) {
      const message = error instanceof Error ? error.message : String(error);
      await finish(deps, row, failure(deps, hook, row, message), invocation);
    }
    throw error;
  }
};

const triesOf = ({ asking }: EntryRow): number => asking?.tries ?? 0;

const settlement = (
  deps: EnrichPostDeps,
  hook: EnrichConfig,
  row: EntryRow,
  answer: ReadAnswer,
): Transition => {
  const [tries, at] = [triesOf(row), deps.clock()];
  switch (answer.kind) {
    case 'answered':
      return answered(tries, answer.fields, at, answer.leftOut ?? undefined);
    case 'skipped':
      return skipped(tries, answer.reason, at);
    case 'unusable':
      return failure(deps, hook, row, answer.detail);
  }
};

const failure = (
  { clock, random }: EnrichPostDeps,
  { onFailure }: EnrichConfig,
  row: EntryRow,
  detail: string,
): Transition => {
  const tries = triesOf(row);
  return failed(tries, {
    at: clock(),
    detail,
    onFailure,
    waitMs: backOffMs(Math.max(0, tries - 1), retry, random()),
  });
};

/** Writes what became of a row, and wakes it if it is queued now; a lost wake-up is sent by the sweep. */
const finish = async (
  deps: EnrichPostDeps,
  row: EntryRow,
  transition: Transition,
  invocation: Invocation,
): Promise<void> => {
  const next = await changeRow(deps, row.key, transition, row);
  if (next === null) return;
  const { key, feed, brand, state } = next;
  const code = next.history.at(-1)?.code ?? '';
  if (state === 'held') invocation.report({ event: 'draft.held', key, feed, brand, code });
  if (state === 'queued') await deps.sendWakeUps([{ key, brand }]);
};
