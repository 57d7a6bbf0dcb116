import { pausedInFileText, scopeText } from '../cli/format-circuit.ts';
import { feedNamed } from '../cli/verb.ts';
import { brandScope, feedScope } from '../lib/core/circuit/circuit-breaker.ts';
import type { CircuitScope } from '../lib/core/circuit/circuit-row.ts';
import { brandsOf } from '../lib/core/config/row-owners.ts';
import { AppError, permanent } from '../lib/core/errors.ts';
import type { EntryRow } from '../lib/core/ledger/row.ts';
import { pausePosting } from '../lib/jobs/operator/pause-posting.ts';
import { type Deed, outcomeOfOne, recordActivity } from '../lib/jobs/operator/record-activity.ts';
import { resumePosting } from '../lib/jobs/operator/resume-posting.ts';
import { feedPath } from './address.ts';
import type { ConsoleContext } from './context.ts';
import type { Notice } from './notices.ts';
import { type ConsoleResponse, seeOther } from './response.ts';

/** Handles a posted form. */
export type Action = (context: ConsoleContext, form: URLSearchParams) => Promise<ConsoleResponse>;

/** The entry that a form is about. Throws permanent `entry.unknown`. */
export const rowAt = async ({ target }: ConsoleContext, key: string): Promise<EntryRow> => {
  const row = await target.ledger.read(key);
  if (row?.type !== 'entry') throw permanent('entry.unknown', 'The ledger no longer has this entry.');
  return row;
};

/** Does what a form asks for, and records it as done by the visitor. */
export const record = <T>(
  { target: { activities }, by, clock }: ConsoleContext,
  deed: Omit<Deed, 'by'>,
  how: Parameters<typeof recordActivity<T>>[2],
): ReturnType<typeof recordActivity<T>> => recordActivity({ activities, clock }, { ...deed, by }, how);

const elsewhere = 'http://here.invalid';

/** Redirects to a page of the console, which shows the notice. Only path and query of the address are used. */
export const back = ({ notices }: ConsoleContext, path: string | null, notice: Notice): ConsoleResponse => {
  const parsed = path?.startsWith('/') ? URL.parse(path, elsewhere) : null;
  const url = parsed ?? new URL('/', elsewhere);
  url.searchParams.set('notice', notices.keep(notice));
  return seeOther(`${url.pathname.replace(/^\/+/, '/')}${url.search}`);
};

const scopeOf = ({ target }: ConsoleContext, form: URLSearchParams): CircuitScope => {
  const requested = form.get('scope');
  const config = target.config();
  const brands = brandsOf(config).map(brandScope);
  const scopes: CircuitScope[] = ['all', ...brands, ...config.feeds.map(({ id }) => feedScope(id))];
  const scope = scopes.find((one) => one === requested);
  if (scope === undefined)
    throw permanent(
      'console.bad-form',
      'That scope cannot be paused or resumed: no feed and no brand in feeds.yml has that name.',
    );
  return scope;
};

/** Adds that feeds.yml pauses the feed, too. */
const also = ({ target }: ConsoleContext, scope: CircuitScope, words: string): string => {
  const feed = target.config().feeds.find(({ id }) => feedScope(id) === scope);
  const inFile = feed ? pausedInFileText(feed) : null;
  return inFile === null ? words : `${words} ${inFile}`;
};

export const pause: Action = async (context, form) => {
  const scope = scopeOf(context, form);
  await record(
    context,
    { kind: 'pause', scope },
    {
      work: () =>
        pausePosting({ circuits: context.target.circuits, clock: context.clock }, scope, context.by),
      outcomeOf: ({ already }) => (already ? null : outcomeOfOne()),
    },
  );
  const words = `${scopeText(scope)} is paused. Drafts that are being sent are finished; everything else waits.`;
  return back(context, form.get('back'), { words: also(context, scope, words), bad: false });
};

export const resume: Action = async (context, form) => {
  const scope = scopeOf(context, form);
  const { done } = await record(
    context,
    { kind: 'resume', scope },
    {
      work: () => resumePosting({ circuits: context.target.circuits, clock: context.clock }, scope),
      outcomeOf: ({ resumed }) => (resumed ? outcomeOfOne() : null),
    },
  );
  const { resumed } = done;
  const words = resumed
    ? `${scopeText(scope)} is resumed. Waiting entries are sent from the next minute on.`
    : `${scopeText(scope)} was not paused.`;
  return back(context, form.get('back'), { words: also(context, scope, words), bad: false });
};

/** Queues a poll of a feed. */
export const pollNow =
  (id: string): Action =>
  async (context, form) => {
    feedNamed(context.target.config().feeds, id);
    const path = form.get('back') ?? feedPath(id);
    try {
      await record(
        context,
        { kind: 'poll', feeds: [id] },
        {
          work: () => context.target.sendFeeds([{ feeds: [id], manual: true }]),
          outcomeOf: () => outcomeOfOne({ feeds: [id] }),
        },
      );
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return back(context, path, { words: error.message, bad: true });
    }
    return back(context, path, {
      words: `${id} is being polled; new entries appear in a moment.`,
      bad: false,
    });
  };
