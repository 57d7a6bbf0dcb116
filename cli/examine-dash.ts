import { secretToken } from '../lib/adapters/aws/token.ts';
import { dashBrands } from '../lib/adapters/dash-social/dash-brands.ts';
import { dashRecentPosts } from '../lib/adapters/dash-social/dash-recent-posts.ts';
import { dashRequests } from '../lib/adapters/dash-social/dash-requests.ts';
import type { Config } from '../lib/core/config/config.ts';
import { brandsOf } from '../lib/core/config/row-owners.ts';
import type { SendDash } from '../lib/core/dash/dash-answer.ts';
import type { AppError } from '../lib/core/errors.ts';
import type { Where } from '../lib/core/operator/cli-hints.ts';
import { doubtOfLatest, doubtOfList } from '../lib/core/posts/find-draft.ts';
import { userAgent } from '../lib/services/user-agent.ts';
import type { ExamineContext } from './examine-target.ts';
import { examine, type Finding, failed, ok, skipped } from './finding.ts';
import { tokenRemedy } from './format-circuit.ts';
import { span } from './page.ts';

/** The `Date` header has whole seconds, and the answer is on its way for some. */
const allowedSkewMs = 30_000;

/** By how much our clock is ahead of theirs, as each answer tells; null while none did. */
const skewMeter = (send: SendDash, clock: () => number) => {
  let ahead: number | null = null;
  const measured: SendDash = async (request) => {
    const reply = await send(request);
    const date = reply.kind === 'answer' ? Date.parse(String(reply.answer.headers.date)) : Number.NaN;
    if (!Number.isNaN(date)) ahead = clock() - date;
    return reply;
  };
  return { send: measured, ahead: () => ahead };
};

const examineClock = (ahead: number | null): Finding => {
  if (ahead === null) return skipped('clock', 'nobody told us the time');
  const off = Math.abs(ahead);
  if (off <= allowedSkewMs) return ok('clock', `within ${span(allowedSkewMs)} of Dash Social's`);
  return failed(
    'clock',
    `this machine is ${span(off)} ${ahead > 0 ? 'ahead of' : 'behind'} Dash Social`,
    'let it set its clock by itself (NTP): times of posts and signatures go by it',
  );
};

const examineBrands = (config: Config, allowed: number[]): Finding => {
  const ours = brandsOf(config);
  const missing = ours.filter((brand) => !allowed.includes(brand));
  if (missing.length === 0) return ok('brands', `the token may use ${ours.join(', ') || 'all there are'}`);
  return failed(
    'brands',
    `the token may not use ${missing.join(', ')}; it may use ${allowed.join(', ') || 'none'}`,
    'correct brand_id in feeds.yml, or have the token given access in Dash Social',
  );
};

type Connection = { send: SendDash; token: ReturnType<typeof secretToken>; baseUrl?: string };

const listName = 'list of posts';

/** Whether `when_uncertain: auto` can look a post up, by the same proof as when it does. */
const examineList = (
  connection: Connection,
  { target, clock }: ExamineContext,
  config: Config,
  brand: number,
) =>
  examine(listName, async () => {
    if (!config.dash.lookUp)
      return skipped(listName, 'dash.look_up: false forbids it, so auto leaves every lost answer to you');
    const latest = await target.latestDrafts.read(brand);
    const soon = clock() + allowedSkewMs;
    const attempt = { brand, text: '', from: soon, to: soon };
    const doubt = doubtOfLatest(latest, attempt);
    if (!latest || doubt) return skipped(listName, `${doubt}; until then auto leaves a lost answer to you`);
    const list = await dashRecentPosts(connection)({ brand, since: attempt.from, latest });
    const unproven = list.kind === 'listed' ? doubtOfList(list, latest, attempt) : list.message;
    if (unproven === null)
      return ok(listName, `it shows the latest draft (${latest.postId}): auto looks posts up`);
    const todo =
      'nothing is lost or doubled, auto leaves a lost answer to you; dash: { look_up: false } ends this check';
    return failed(listName, unproven, todo);
  });

const remedyIn = (where: Where) => (error: AppError) => (error.kind === 'config' ? tokenRemedy(where) : null);

/** The token, its brands, the list of posts, the clock; nothing is created. */
export const examineDash = async (context: ExamineContext, config: Config): Promise<Finding[]> => {
  const { target, clock } = context;
  const { vault, dashUrl } = target;
  if (vault === null) return [skipped('token', 'it is there only while npm start runs')];
  const meter = skewMeter(dashRequests({ clock, userAgent }), clock);
  const connection: Connection = {
    send: meter.send,
    token: secretToken({ client: vault.client, secretId: vault.dashSecretId, clock, lifetimeMs: 60_000 }),
    ...(dashUrl !== null && { baseUrl: dashUrl }),
  };
  let allowed: number[] | null = null;
  const token = await examine(
    'token',
    async () => {
      allowed = await dashBrands(connection)();
      return [ok('token', 'Dash Social takes it'), examineBrands(config, allowed)];
    },
    remedyIn(target.where),
  );
  const brand = brandsOf(config).find((one) => allowed?.includes(one));
  const list = brand === undefined ? [] : await examineList(connection, context, config, brand);
  return [...token, ...list, examineClock(meter.ahead())];
};
