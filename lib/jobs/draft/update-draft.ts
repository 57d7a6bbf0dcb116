import { backOffMs } from '../../core/backoff.ts';
import type { Config } from '../../core/config/config.ts';
import { rowOwners } from '../../core/config/row-owners.ts';
import { rowBackOff } from '../../core/dash/timing.ts';
import { beginUpdate, maxAttempts, settleUpdate, type UpdateResult } from '../../core/ledger/draft-update.ts';
import type { EntryRow, LaterVersion } from '../../core/ledger/row.ts';
import type { Clock, DashDrafts, Invocation, Ledger } from '../../core/ports.ts';
import { draftChanges } from '../../core/posts/draft-change.ts';
import { fieldNames, planUpdate, type UpdatePlan } from '../../core/posts/plan-update.ts';
import { changeRow } from '../change-row.ts';
import { renderLater } from '../operator/read-change.ts';

type Deps = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  ledger: Pick<Ledger, 'read' | 'replace' | 'storedEntry'>;
  drafts: DashDrafts;
  clock: Clock;
  random: () => number;
  newId: () => string;
};

/** A row whose draft this worker changes. */
type Begun = EntryRow & { claimId: string; laterVersion: LaterVersion };

/**
 * Changes the draft of an article that changed, where it still says what was sent. A worker that dies leaves a lease;
 * the next one reads the draft first, so that nothing is changed twice or overwritten. Safe to call at any time.
 */
export const updateDraft = async (deps: Deps, row: EntryRow, invocation: Invocation): Promise<void> => {
  const claimId = deps.newId();
  const begun = await changeRow(deps, row.key, beginUpdate(claimId, deps.clock()), row);
  if (begun === null) return;
  const result = begun.failures > maxAttempts ? notPossible(tooOften) : await resultOf(deps, begun as Begun);
  const { key, feed, brand } = begun;
  const settled = await changeRow(deps, key, settleUpdate(claimId, result, deps.clock()), begun);
  if (settled) invocation.report({ event: 'draft.updated', key, feed, brand, result: result.kind });
};

const tooOften = `it was tried ${maxAttempts} times, and never came to an end`;

const notPossible = (why: string): UpdateResult => ({ kind: 'not-possible', why });

const later = ({ random }: Deps, { failures }: EntryRow, why: string): UpdateResult => ({
  kind: 'later',
  why,
  afterMs: backOffMs(failures - 1, rowBackOff, random()),
});

const resultOf = async (deps: Deps, row: Begun): Promise<UpdateResult> => {
  const { postId, post, laterVersion } = row;
  if (!rowOwners(deps.config).some(({ id }) => id === row.feed))
    return notPossible(`${row.feed} is no longer in feeds.yml`);
  if (postId === null || post === null) return notPossible('the ID of the draft is not known');
  const rendered = renderLater(deps, row, await deps.ledger.storedEntry(laterVersion.storedAs));
  if (rendered === null) return notPossible('the article or its settings are no longer stored');
  if (!rendered.ok) return notPossible(`no post can be rendered: ${rendered.detail}`);
  const changes = draftChanges(post, rendered.post);
  const version = { storedAs: laterVersion.storedAs, contentHash: laterVersion.contentHash };
  if (changes.length === 0)
    return { kind: 'done', note: 'the draft uses nothing that changed', fields: {}, version };
  const read = await deps.drafts.read(postId);
  if (read.kind === 'later') return later(deps, row, read.why);
  const unchecked = laterVersion.unchecked === true;
  if (read.kind === 'not-shown')
    return unchecked ? blindly(deps, row, postId, { changes, version }) : notPossible(read.why);
  const plan = planUpdate(changes, read.post, { brand: row.brand, unchecked });
  return plan.kind === 'not-possible'
    ? notPossible(plan.why)
    : carryOut(deps, row, postId, { plan, version });
};

type Version = Pick<LaterVersion, 'storedAs' | 'contentHash'>;
type Possible = Extract<UpdatePlan, { kind: 'change' }>;

const carryOut = async (
  deps: Deps,
  row: Begun,
  postId: number,
  { plan, version }: { plan: Possible; version: Version },
): Promise<UpdateResult> => {
  const { body, fields, conflicts } = plan;
  if (body !== null) {
    const written = await deps.drafts.change(postId, body);
    if (written.kind === 'refused') return notPossible(written.why);
    if (written.kind !== 'changed') return later(deps, row, written.why); // what it says is read before the next attempt
  }
  if (conflicts.length > 0)
    return {
      kind: 'not-possible',
      why: `its ${fieldNames(conflicts)} was edited in Dash Social and stays as it is`,
      fields,
    };
  return { kind: 'done', note: fieldNames(Object.keys(fields) as (keyof typeof fields)[]), fields, version };
};

/** You decided to change the draft although Dash Social does not show what it says: only the changed fields are sent. */
const blindly = async (
  deps: Deps,
  row: Begun,
  postId: number,
  { changes, version }: { changes: ReturnType<typeof draftChanges>; version: Version },
): Promise<UpdateResult> => {
  const fields = Object.fromEntries(changes.map(({ field, now }) => [field, now]));
  const written = await deps.drafts.change(postId, fields);
  switch (written.kind) {
    case 'changed':
      return {
        kind: 'done',
        note: `${fieldNames(changes.map(({ field }) => field))}, without a check`,
        fields,
        version,
      };
    case 'later':
      return later(deps, row, written.why);
    case 'refused':
      return notPossible(written.why);
    case 'unknown':
      return notPossible(
        `${written.why}; whether the draft was changed is not known, so look in Dash Social`,
      );
  }
};
