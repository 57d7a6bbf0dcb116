import { dashBrands } from '../../lib/adapters/dash-brands.ts';
import { dashRecentPosts } from '../../lib/adapters/dash-recent-posts.ts';
import { dashRequests } from '../../lib/adapters/dash-requests.ts';
import { secretToken } from '../../lib/adapters/token.ts';
import type { Config } from '../../lib/core/config.ts';
import type { SendDash } from '../../lib/core/dash-answer.ts';
import type { AppError } from '../../lib/core/errors.ts';
import { brandsOf } from '../../lib/core/row-owners.ts';
import type { Where } from '../../lib/core/what-to-type.ts';
import { userAgent } from '../../lib/services/user-agent.ts';
import type { Eyes } from './examine-place.ts';
import { amiss, examine, type Finding, ok, skipped } from './finding.ts';
import { tokenRemedy } from './gate-words.ts';
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
  return amiss(
    'clock',
    `this machine is ${span(off)} ${ahead > 0 ? 'ahead of' : 'behind'} Dash Social`,
    'let it set its clock by itself (NTP): times of posts and signatures go by it',
  );
};

const examineBrands = (config: Config, allowed: number[]): Finding => {
  const ours = brandsOf(config);
  const missing = ours.filter((brand) => !allowed.includes(brand));
  if (missing.length === 0) return ok('brands', `the token may use ${ours.join(', ') || 'all there are'}`);
  return amiss(
    'brands',
    `the token may not use ${missing.join(', ')}; it may use ${allowed.join(', ') || 'none'}`,
    'correct brand_id in feeds.yml, or have the token given access in Dash Social',
  );
};

type Connection = { send: SendDash; token: ReturnType<typeof secretToken>; baseUrl?: string };

const examineList = (connection: Connection, config: Config, brand: number, now: number) =>
  examine('list of posts', async () => {
    const list = await dashRecentPosts(connection)({ brand, since: now });
    const isOn = config.dash.lookUp;
    if (list.kind === 'listed')
      return ok('list of posts', isOn ? 'it is there' : 'it is there: dash: { look_up: true } may be used');
    if (!isOn)
      return ok('list of posts', `it is not to be had (${list.message}); look_up is off, as it should be`);
    return amiss('list of posts', list.message, 'take look_up out of feeds.yml: use retry or park');
  });

const remedyIn = (where: Where) => (error: AppError) => (error.kind === 'config' ? tokenRemedy(where) : null);

/** The token, its brands, the list of posts, the clock; nothing is created. */
export const examineDash = async ({ place, clock }: Eyes, config: Config): Promise<Finding[]> => {
  const { vault, dashUrl } = place;
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
    remedyIn(place.where),
  );
  const brand = brandsOf(config).find((one) => allowed?.includes(one));
  const list = brand === undefined ? [] : await examineList(connection, config, brand, clock());
  return [...token, ...list, examineClock(meter.ahead())];
};
