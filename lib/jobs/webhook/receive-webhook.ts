import type { Config, WebhookConfig } from '../../core/config/config.ts';
import { scopeOf } from '../../core/config/row-owners.ts';
import { ruleOut } from '../../core/editorial/editorial-rules.ts';
import type { Candidate, Registration } from '../../core/entries/candidate.ts';
import { identify } from '../../core/entries/identity/identified-entry.ts';
import { ledgerKeys } from '../../core/entries/identity/ledger-keys.ts';
import { toStoredEntry } from '../../core/entries/stored-entry.ts';
import { AppError, permanent } from '../../core/errors.ts';
import type { Verdict } from '../../core/ledger/entry-state.ts';
import { wakeUpFor } from '../../core/polling/feed-message.ts';
import type {
  Clock,
  DeliveryStore,
  Invocation,
  Ledger,
  SecretByName,
  SendWakeUps,
} from '../../core/ports.ts';
import { tooLateToPublish } from '../../core/posts/go-public.ts';
import { type RenderedPost, renderStored } from '../../core/posts/render-post.ts';
import { hookRendering } from '../../core/posts/rendering.ts';
import type {
  IgnoredReason,
  Mapped,
  Outcome,
  ParseDelivery,
  Received,
  WebhookRequest,
} from '../../core/webhooks/webhook.ts';
import { compareWithRow, isToUpdate, recordVersion } from '../note-edits.ts';
import { registerEntry } from '../register-entry.ts';
import { type Became, recordDeliveries } from './record-deliveries.ts';
import { verifyDelivery } from './verify-delivery.ts';

export type ReceiveDeps = {
  config: Pick<Config, 'feeds' | 'webhooks'>;
  ledger: Pick<Ledger, 'read' | 'insert' | 'replace' | 'storeEntry' | 'storedEntry'>;
  deliveries: DeliveryStore;
  secret: SecretByName;
  parseDelivery: ParseDelivery;
  sendWakeUps: SendWakeUps;
  clock: Clock;
};

/** A request, and the ID of its webhook if its path names one. */
type Delivered = { source: string | null; request: WebhookRequest };

type Published = Extract<Mapped, { kind: 'published' }>;

/**
 * Handles one delivery: verifies, registers, records and responds. A repeated delivery, after a crash on either side,
 * finds its entry known. Throws permanent `webhook.unknown-source`, `signature.*` and `webhook.*` for errors of the
 * sender, config `signature.*`, `inbound.*` and `webhook.expression` for our settings, and retryable errors.
 */
export const receiveWebhook = (deps: ReceiveDeps) => {
  const note = recordDeliveries(deps);

  return async ({ source, request }: Delivered, invocation: Invocation): Promise<Received> => {
    const webhook = deps.config.webhooks.find(({ id }) => id === source);
    if (!webhook) throw permanent('webhook.unknown-source', 'There is no webhook with this ID in feeds.yml.');
    const each: Outcome[] = [];
    try {
      const stories = await verifyDelivery(deps, webhook, request, invocation);
      for (const mapped of stories) each.push(await receiveStory(deps, webhook, mapped, invocation));
    } catch (error) {
      await note(webhook.id, [...each.map(becameOf), failureOf(error)], invocation);
      throw error;
    }
    await note(webhook.id, each.map(becameOf), invocation);
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
  deps: ReceiveDeps,
  webhook: WebhookConfig,
  mapped: Mapped,
  invocation: Invocation,
): Promise<Outcome> => {
  if (mapped.kind === 'ignored') return ignore(webhook, mapped.reason, invocation);
  if (leavesItToItsFeed(deps, webhook)) return ignore(webhook, 'paused', invocation);

  const { candidate, rendered } = candidateOf(deps, webhook, mapped);
  const registered = await registerOrReport(deps, candidate, invocation);
  const { outcome, key, code } = registered;
  const { id, mapping } = webhook;
  invocation.report({ event: 'webhook.registered', source: id, feed: mapping.id, key, outcome, code });
  const isToWake =
    outcome === 'queued' ||
    (outcome === 'known' && (await noteEdit(deps, { candidate, rendered, key }, invocation)));
  if (isToWake) await wake(deps, webhook, registered, invocation);
  return { outcome, entry: key };
};

type Delivery = { candidate: Candidate; rendered: RenderedPost; key: string };

/** Records that a delivery changed its article; whether the draft is to be changed as well. */
const noteEdit = async (
  deps: ReceiveDeps,
  { candidate, rendered, key }: Delivery,
  invocation: Invocation,
): Promise<boolean> => {
  const { feed, stored, identified, rendering } = candidate;
  if (feed.onEdit === 'ignore') return false;
  const shown = { contentHash: identified.normal.contentHash, by: rendering.by, at: deps.clock() };
  const found = await compareWithRow(deps, key, shown);
  if (found?.kind !== 'later') return false;
  const row = await recordVersion(deps, found.row, { shown, stored, rendered }, feed.onEdit, invocation);
  return row !== null && isToUpdate(row);
};

const ignore = ({ id }: WebhookConfig, reason: IgnoredReason, invocation: Invocation): Outcome => {
  invocation.report({ event: 'webhook.ignored', source: id, reason });
  return { outcome: 'ignored', reason };
};

/** Whether the webhook itself is paused while its feed is not, and will bring the story. */
const leavesItToItsFeed = ({ config }: ReceiveDeps, { hasFeed, mapping }: WebhookConfig): boolean =>
  hasFeed && mapping.paused && config.feeds.some(({ id, paused }) => id === mapping.id && !paused);

const candidateOf = (
  { config, clock }: ReceiveDeps,
  webhook: WebhookConfig,
  mapped: Published,
): Pick<Delivery, 'candidate' | 'rendered'> => {
  const { mapping } = webhook;
  const { entry, firstPublished, mediaIds } = mapped;
  const now = clock();
  const identified = identify(entry, null);
  const stored = toStoredEntry(entry, { mediaIds: mediaIds ?? null });
  const rendered = renderStored(mapping, stored, now);
  const candidate: Candidate = {
    feed: mapping,
    side: 'hook',
    identified,
    stored,
    keys: ledgerKeys(identified, scopeOf(mapping, config.webhooks), nothingShared),
    verdict: verdictOn(rendered, mapped, webhook, now),
    ruledOut: ruleOut(entry, mapping.editorial.rules, now),
    post: rendered.ok ? rendered.post : null,
    rendering: hookRendering(webhook),
    ...alone,
    news: firstPublished,
    firstPublished,
  };
  return { candidate, rendered };
};

/** A delivery is a document with a single entry. */
const alone = { recognized: null, present: new Set<string>(), oldest: null, batch: null, lesson: null };
const nothingShared = () => false;

const notNewDelivery = 'entry.old-news';

/**
 * Imports and posts that are published again are not new, whatever the content system calls the event. An old entry
 * that it marks as first published is held.
 */
const ageVerdict = (
  { entry: { published }, firstPublished }: Published,
  { mapping: { maxAgeMs } }: WebhookConfig,
  now: number,
): Verdict | null => {
  if (maxAgeMs === null || published === null || Date.parse(published) >= now - maxAgeMs) return null;
  const detail = `it was published on ${published.slice(0, 10)}`;
  return { state: firstPublished ? 'held' : 'baselined', code: notNewDelivery, detail };
};

const verdictOn = (
  rendered: RenderedPost,
  mapped: Published,
  webhook: WebhookConfig,
  now: number,
): Verdict => {
  const old = ageVerdict(mapped, webhook, now);
  if (old) return old;
  const { staleAfterMs } = webhook;
  const { published } = mapped.entry;
  if (!rendered.ok) return { state: 'held', code: rendered.code, detail: rendered.detail };
  const late = tooLateToPublish({ post: rendered.post, published, seenAt: now }, staleAfterMs, now);
  return late ?? { state: 'queued', code: 'entry.webhook' };
};

/** Its row exists but cannot be read: it is known, and needs attention. Sending it again would not help. */
const registerOrReport = async (
  deps: ReceiveDeps,
  candidate: Candidate,
  invocation: Invocation,
): Promise<Registration> => {
  try {
    return await registerEntry(deps, candidate);
  } catch (error) {
    if (!(error instanceof AppError && error.kind === 'permanent' && error.code.startsWith('ledger.')))
      throw error;
    const key = candidate.keys.own;
    invocation.report({ event: 'row.corrupt', key, message: error.message });
    return { outcome: 'known', key, code: 'entry.known', asksHook: false, heldIn: null };
  }
};

/** A lost wake-up is sent by the sweep, so that it is no reason to refuse the delivery. */
const wake = async (
  { sendWakeUps }: ReceiveDeps,
  { id, mapping }: WebhookConfig,
  registered: Registration,
  invocation: Invocation,
): Promise<void> => {
  try {
    await sendWakeUps([wakeUpFor(mapping, registered)]);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, message } = error;
    invocation.report({ event: 'webhook.not-woken', source: id, key: registered.key, code, message });
  }
};
