import { secretToken } from '../lib/adapters/aws/token.ts';
import { type DashBrand, dashBrands } from '../lib/adapters/dash-social/dash-brands.ts';
import { dashRecentPosts } from '../lib/adapters/dash-social/dash-recent-posts.ts';
import { dashRequests } from '../lib/adapters/dash-social/dash-requests.ts';
import type { Config } from '../lib/core/config/config.ts';
import { brandsOf } from '../lib/core/config/row-owners.ts';
import type { SendDash } from '../lib/core/dash/dash-response.ts';
import { AppError } from '../lib/core/errors.ts';
import { tokenAdvice } from '../lib/core/operator/posting-problems.ts';
import { doubtOfLatest, doubtOfList } from '../lib/core/posts/find-draft.ts';
import { formatDuration } from '../lib/core/text/format-time.ts';
import { userAgent } from '../lib/services/user-agent.ts';
import { examineDrafts } from './examine-drafts.ts';
import type { ExamineContext } from './examine-target.ts';
import { examine, type Finding, failed, ok, skipped } from './finding.ts';
import { adviceText } from './format-circuit.ts';
import { brandText } from './format-names.ts';
import type { Target } from './target.ts';

/** The `Date` header has whole seconds, and a response takes a while. */
const allowedSkewMs = 30_000;

/** How far our clock is ahead of theirs by the latest response; null before the first. */
const skewMeter = (send: SendDash, clock: () => number) => {
  let ahead: number | null = null;
  const measured: SendDash = async (request) => {
    const reply = await send(request);
    const date = reply.kind === 'response' ? Date.parse(String(reply.response.headers.date)) : Number.NaN;
    if (!Number.isNaN(date)) ahead = clock() - date;
    return reply;
  };
  return { send: measured, ahead: () => ahead };
};

const examineClock = (ahead: number | null): Finding => {
  if (ahead === null) return skipped('clock', 'Dash Social sent no time');
  const off = Math.abs(ahead);
  if (off <= allowedSkewMs)
    return ok('clock', `within ${formatDuration(allowedSkewMs)} of the clock of Dash Social`);
  return failed(
    'clock',
    `this machine is ${formatDuration(off)} ${ahead > 0 ? 'ahead of' : 'behind'} Dash Social`,
    'Turn on automatic time (NTP). Times of posts and signatures depend on it.',
  );
};

const examineBrands = (config: Config, brands: DashBrand[]): Finding => {
  const ours = brandsOf(config);
  const allowed = brands.map(({ id }) => id);
  const missing = ours.filter((brand) => !allowed.includes(brand));
  if (missing.length === 0)
    return ok(
      'brands',
      `listed for the token: ${ours.length > 0 ? ours.join(', ') : 'every brand in feeds.yml'}`,
    );
  return failed(
    'brands',
    `the token may not use ${missing.join(', ')}; it may use ${brands.map(brandText).join(', ') || 'none'}`,
    'Correct brand_id in feeds.yml, or ask Dash Social for access.',
  );
};

type Connection = { send: SendDash; token: ReturnType<typeof secretToken>; baseUrl?: string };

const listName = 'list of posts';

/** Whether `when_uncertain: auto` can look a post up, checked as in a real look-up. */
const examineList = (
  connection: Connection,
  { target, clock }: ExamineContext,
  config: Config,
  brand: number,
) =>
  examine(listName, async () => {
    if (!config.dash.lookUp)
      return skipped(listName, 'turned off by dash.look_up: false, so every unknown outcome is left to you');
    const latest = await target.latestDrafts.read(brand);
    const soon = clock() + allowedSkewMs;
    const attempt = { brand, text: '', from: soon, to: soon };
    const doubt = doubtOfLatest(latest, attempt);
    if (!latest || doubt) return skipped(listName, `${doubt}; until then, unknown outcomes are left to you`);
    const list = await dashRecentPosts(connection)({ brand, since: attempt.from, latest });
    const unproven = list.kind === 'listed' ? doubtOfList(list, latest, attempt) : list.message;
    if (unproven === null)
      return ok(
        listName,
        `contains the latest draft (${latest.postId}), so a post sent more than 2 min after it can be looked up`,
      );
    const fix =
      'Nothing is lost or sent twice: unknown outcomes are left to you. Turn this check off with dash: { look_up: false }.';
    return failed(listName, unproven, fix);
  });

const remedyIn =
  ({ where, start }: Pick<Target, 'where' | 'start'>) =>
  ({ code, kind }: AppError): string | null => {
    if (code === 'dash.forbidden') return 'Ask Dash Social to give the token access to its scheduler.';
    return kind === 'config' ? adviceText(tokenAdvice(where, start)) : null;
  };

const outageRemedy =
  'Entries wait, and posting resumes automatically; check the status page of Dash Social, and the address (--dash-url, DASH_URL) if you set one.';

/** The brands; after an outage, a finding about Dash Social, because the token is not at fault. */
const readBrands = async (connection: Connection): Promise<DashBrand[] | Finding> => {
  try {
    return await dashBrands(connection)();
  } catch (error) {
    const isOutage = error instanceof AppError && error.kind !== 'config' && error.code.startsWith('dash.');
    if (isOutage) return failed('Dash Social', error.message, outageRemedy);
    throw error;
  }
};

/** Checks the token, its brands, the list of posts and the clock; creates nothing. */
export const examineDash = async (context: ExamineContext, config: Config): Promise<Finding[]> => {
  const { target, clock } = context;
  const { vault, dashUrl } = target;
  if (vault === null) return [skipped('token', 'available only while npm start is running')];
  const meter = skewMeter(dashRequests({ clock, userAgent }), clock);
  const connection: Connection = {
    send: meter.send,
    token: secretToken({ client: vault.client, secretId: vault.dashSecretId, clock, lifetimeMs: 60_000 }),
    ...(dashUrl !== null && { baseUrl: dashUrl }),
  };
  let allowed: DashBrand[] = [];
  const token = await examine(
    'token',
    async () => {
      const found = await readBrands(connection);
      if (!Array.isArray(found)) return found;
      allowed = found;
      return [ok('token', 'accepted by Dash Social'), examineBrands(config, allowed)];
    },
    remedyIn(target),
  );
  const brand = brandsOf(config).find((one) => allowed.some(({ id }) => id === one));
  const list = brand === undefined ? [] : await examineList(connection, context, config, brand);
  const drafts = brand === undefined ? [] : await examineDrafts(connection, context, config, brand);
  return [...token, ...list, ...drafts, examineClock(meter.ahead())];
};
