import type { Config } from '../../core/config/config.ts';
import { scopeOf } from '../../core/config/row-owners.ts';
import { ruleOut } from '../../core/editorial/editorial-rules.ts';
import type { Admitted, Arrival } from '../../core/entries/arrival.ts';
import { identify } from '../../core/entries/identity/identified-entry.ts';
import { ledgerKeys } from '../../core/entries/identity/ledger-keys.ts';
import { keptEntry } from '../../core/entries/kept-entry.ts';
import { AppError, permanent } from '../../core/errors.ts';
import type { Verdict } from '../../core/ledger/entry-state.ts';
import type { Call, Clock, DeliveryStore, Ledger, SecretByName, SendWakeUps } from '../../core/ports.ts';
import { tooLateToPublish } from '../../core/posts/go-public.ts';
import { type RenderedPost, renderKept } from '../../core/posts/render-post.ts';
import { hookRendering } from '../../core/posts/rendering.ts';
import type {
  IgnoredReason,
  Mapped,
  Outcome,
  ParseDelivery,
  Received,
  WebhookConfig,
  WebhookRequest,
} from '../../core/webhooks/webhook.ts';
import { admit } from '../admit.ts';
import { type Became, recordDeliveries } from './record-deliveries.ts';
import { verifyDelivery } from './verify-delivery.ts';

export type ReceiveNeeds = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  ledger: Pick<Ledger, 'read' | 'insert' | 'replace' | 'keepEntry'>;
  deliveries: DeliveryStore;
  secret: SecretByName;
  parseDelivery: ParseDelivery;
  sendWakeUps: SendWakeUps;
  clock: Clock;
};

/** A request, and the id of the webhook it was sent to, if its address names one. */
type Delivered = { source: string | null; request: WebhookRequest };

type Published = Extract<Mapped, { kind: 'published' }>;

/**
 * One delivery: proven, admitted, noted, answered. Whoever sends it again, after our crash or his, finds its entry known.
 * Throws permanent `webhook.unknown-source`, `signature.*` and `webhook.*` for what its sender must change, config
 * `signature.*`, `inbound.*` and `webhook.expression` for what we must, retryable errors for what may pass.
 */
export const receiveWebhook = (services: ReceiveNeeds) => {
  const note = recordDeliveries(services);

  return async ({ source, request }: Delivered, call: Call): Promise<Received> => {
    const webhook = services.config.webhooks.find(({ id }) => id === source);
    if (!webhook) throw permanent('webhook.unknown-source', 'There is no webhook of this id in feeds.yml.');
    const each: Outcome[] = [];
    try {
      const stories = await verifyDelivery(services)(webhook, request, call);
      for (const mapped of stories) each.push(await receiveStory(services, webhook, mapped, call));
    } catch (error) {
      await note(webhook.id, [...each.map(becameOf), failureOf(error)], call);
      throw error;
    }
    await note(webhook.id, each.map(becameOf), call);
    const [first, ...others] = each;
    return first && others.length === 0 ? first : { outcome: 'several', each };
  };
};

const becameOf = (received: Outcome): Became =>
  received.outcome === 'ignored' ? { ...received, entry: null } : { ...received, reason: null };

const failureOf = (error: unknown): Became => {
  const isSenders = error instanceof AppError && error.kind === 'permanent';
  const reason = error instanceof AppError ? error.code : 'unexpected';
  return { outcome: isSenders ? 'refused' : 'failed', reason, entry: null };
};

const receiveStory = async (
  services: ReceiveNeeds,
  webhook: WebhookConfig,
  mapped: Mapped,
  call: Call,
): Promise<Outcome> => {
  if (mapped.kind === 'ignored') return ignore(webhook, mapped.reason, call);
  if (leavesItToItsFeed(services, webhook)) return ignore(webhook, 'paused', call);

  const arrival = arrivalOf(services, webhook, mapped);
  const { outcome, key, code } = await admitOrTell(services, arrival, call);
  const { id, mapping } = webhook;
  call.report({ event: 'webhook.admitted', source: id, feed: mapping.id, key, outcome, code });
  if (outcome === 'queued') await wake(services, webhook, key, call);
  return { outcome, entry: key };
};

const ignore = ({ id }: WebhookConfig, reason: IgnoredReason, call: Call): Outcome => {
  call.report({ event: 'webhook.ignored', source: id, reason });
  return { outcome: 'ignored', reason };
};

/** By a pause of its own, when its feed has none and will bring the story itself. */
const leavesItToItsFeed = ({ config }: ReceiveNeeds, { hasFeed, mapping }: WebhookConfig): boolean =>
  hasFeed && mapping.paused && config.feeds.some(({ id, paused }) => id === mapping.id && !paused);

const arrivalOf = ({ config, clock }: ReceiveNeeds, webhook: WebhookConfig, mapped: Published): Arrival => {
  const { mapping } = webhook;
  const { entry, firstPublished, mediaIds } = mapped;
  const now = clock();
  const sighting = identify(entry, null);
  const kept = keptEntry(entry, { mediaIds: mediaIds ?? null });
  const rendered = renderKept(mapping, kept, now);
  return {
    feed: mapping,
    side: 'hook',
    sighting,
    kept,
    keys: ledgerKeys(sighting, scopeOf(mapping, config.webhooks), nothingShared),
    verdict: judge(rendered, mapped, webhook, now),
    ruledOut: ruleOut(entry, mapping.editorial.rules, now),
    post: rendered.ok ? rendered.post : null,
    rendering: hookRendering(webhook),
    ...alone,
    news: firstPublished,
    firstPublished,
  };
};

/** A delivery is a document of one entry, which nothing stands beside. */
const alone = { recognized: null, present: new Set<string>(), oldest: null, batch: null, lesson: null };
const nothingShared = () => false;

const oldNews = 'entry.old-news';

/**
 * Imports and posts that are published again are no news, whatever the content system calls the event. What it says
 * is published for the first time is left to a person.
 */
const ageVerdict = (
  { entry: { published }, firstPublished }: Published,
  { mapping: { maxAgeMs } }: WebhookConfig,
  now: number,
): Verdict | null => {
  if (maxAgeMs === null || published === null || Date.parse(published) >= now - maxAgeMs) return null;
  const detail = `published ${published.slice(0, 10)}, longer ago than max_age`;
  return { state: firstPublished ? 'held' : 'baselined', code: oldNews, detail };
};

const judge = (rendered: RenderedPost, mapped: Published, webhook: WebhookConfig, now: number): Verdict => {
  const old = ageVerdict(mapped, webhook, now);
  if (old) return old;
  const { staleAfterMs } = webhook;
  const { published } = mapped.entry;
  if (!rendered.ok) return { state: 'held', code: rendered.code, detail: rendered.detail };
  const late = tooLateToPublish({ post: rendered.post, published, seenAt: now }, staleAfterMs, now);
  return late ?? { state: 'queued', code: 'entry.webhook' };
};

/** A row of it is there, though nobody can read it: known, and for a person to mend. Sending it again would not help. */
const admitOrTell = async (services: ReceiveNeeds, arrival: Arrival, call: Call): Promise<Admitted> => {
  try {
    return await admit(services)(arrival);
  } catch (error) {
    if (!(error instanceof AppError && error.kind === 'permanent' && error.code.startsWith('ledger.')))
      throw error;
    const key = arrival.keys.own;
    call.report({ event: 'row.corrupt', key, message: error.message });
    return { outcome: 'known', key, code: 'entry.known', heldIn: null };
  }
};

/** The row says what is to be done: a wake-up that is lost is sent by the sweep, and no reason to refuse the delivery. */
const wake = async (
  { sendWakeUps }: ReceiveNeeds,
  { id, mapping }: WebhookConfig,
  key: string,
  call: Call,
): Promise<void> => {
  try {
    await sendWakeUps([{ key, brand: mapping.brandId }]);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message } = error;
    call.report({ event: 'webhook.not-woken', source: id, key, code, message });
  }
};
