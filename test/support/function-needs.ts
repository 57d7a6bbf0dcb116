import { newAlert, possibleGap } from '../../lib/core/alerts/alert.ts';
import { alertNotice } from '../../lib/core/alerts/format-alert.ts';
import type { EnrichConfig } from '../../lib/core/config/config.ts';
import { toStoredEntry } from '../../lib/core/entries/stored-entry.ts';
import type { sendAlerts } from '../../lib/jobs/alerts/send-alerts.ts';
import type { createDraft } from '../../lib/jobs/draft/create-draft.ts';
import type { enrichPost } from '../../lib/jobs/enrich/enrich-post.ts';
import type { deliverEvent } from '../../lib/jobs/events/deliver-event.ts';
import type { sendEvents } from '../../lib/jobs/events/send-events.ts';
import type { ingestFeeds } from '../../lib/jobs/ingest/ingest-feeds.ts';
import type { pollFeeds } from '../../lib/jobs/poll/poll-feeds.ts';
import type { receiveWebhook } from '../../lib/jobs/webhook/receive-webhook.ts';
import { consoleServices } from '../../lib/services/console.ts';
import { createDraftServices } from '../../lib/services/create-draft.ts';
import { deliverEventsServices } from '../../lib/services/deliver-events.ts';
import { enrichPostServices } from '../../lib/services/enrich-post.ts';
import { ingestFeedsServices } from '../../lib/services/ingest-feeds.ts';
import { pollFeedsServices } from '../../lib/services/poll-feeds.ts';
import { receiveWebhookServices } from '../../lib/services/receive-webhook.ts';
import { sendAlertsServices } from '../../lib/services/send-alerts.ts';
import { sendEventsServices } from '../../lib/services/send-events.ts';
import { askConsole } from './ask-console.ts';
import { aChangeEvent } from './change-events.ts';
import { story } from './entries.ts';
import { aCircuitRow, aFeedRow, anEntryRow, aSlot } from './store-rows.ts';

/**
 * Services that never reach AWS. Everything else in a job's type is listed below, or the file does not compile.
 */
type Outside =
  | 'registrationsAtOnce'
  | 'announces'
  | 'clock'
  | 'config'
  | 'identifyFeed'
  | 'preview'
  | 'updateRate'
  | 'newId'
  | 'parseDelivery'
  | 'context'
  | 'events'
  | 'postEvent'
  | 'random'
  | 'readChange'
  | 'sign'
  | 'stage'
  | 'renderEntries'
  | 'sleep'
  | 'acquireTurn'
  | 'notifiedElsewhere'
  | 'wakeUpsATick';
type Methods<Port> = { [Method in keyof Port]-?: true };
/** Exactly the methods a job may call; a missing or extra name does not compile. */
type AllOf<Services> = {
  [Port in Exclude<keyof Services, Outside>]-?: NonNullable<Services[Port]> extends (
    ...given: never[]
  ) => unknown
    ? true
    : Methods<Services[Port]>;
};

const pollNeeds: AllOf<Parameters<typeof pollFeeds>[0]> = {
  ledger: { read: true, replace: true, due: true, waiting: true, setStoredEntryExpiry: true },
  feedStore: {
    schedule: true,
    startSlots: true,
    setIntervalStep: true,
    endBackOff: true,
    tick: true,
    saveTick: true,
  },
  circuits: { rows: true, put: true, remove: true },
  dash: { probe: true },
  sendFeeds: true,
  sendWakeUps: true,
  countWakeUps: true,
  countAsks: true,
};

const ingestNeeds: AllOf<Parameters<typeof ingestFeeds>[0]> = {
  ledger: { read: true, insert: true, replace: true, storeEntry: true, storedEntry: true },
  feedStore: { read: true, save: true, setSlot: true, backOff: true, saveBackOff: true },
  fetchFeed: true,
  alerts: { put: true },
  quotas: { read: true, save: true },
  sendFeeds: true,
  sendWakeUps: true,
};

const draftNeeds: AllOf<Parameters<typeof createDraft>[0]> = {
  ledger: {
    ...{ read: true, insert: true, replace: true },
    ...{ storedEntry: true, setStoredEntryExpiry: true, oldestQueued: true },
  },
  circuits: { rows: true, put: true, remove: true },
  dash: { create: true },
  drafts: { read: true, change: true },
  quotas: { read: true, save: true },
  alerts: { put: true },
  readyToken: true,
  listRecentPosts: true,
  readMedium: true,
  latestDrafts: { read: true, note: true },
};

const receiveNeeds: AllOf<Parameters<typeof receiveWebhook>[0]> = {
  ledger: { read: true, insert: true, replace: true, storeEntry: true, storedEntry: true },
  deliveries: { read: true, save: true },
  secret: true,
  sendWakeUps: true,
};

const alertNeeds: Omit<AllOf<Parameters<typeof sendAlerts>[0]>, 'channels'> & {
  channels: { log: true; email: true; webhook: true };
} = {
  ledger: { read: true, waiting: true },
  feedStore: { read: true, schedule: true, tick: true },
  circuits: { rows: true },
  alerts: { rows: true, put: true, remove: true },
  deadLetters: { feeds: true, drafts: true },
  channels: { log: true, email: true, webhook: true },
};

const sendEventsNeeds: AllOf<Parameters<typeof sendEvents>[0]> = { putEvents: true, sendDeliveries: true };

const deliverEventsNeeds: AllOf<Parameters<typeof deliverEvent>[0]> = {
  putEvents: true,
  secret: true,
  hideMessage: true,
  sendDeadLetters: true,
};

const enrichNeeds: AllOf<Parameters<typeof enrichPost>[0]> = {
  ledger: { read: true, replace: true, storedEntry: true },
  circuits: { rows: true },
  askHook: true,
  sendWakeUps: true,
};

type Needs = Record<string, true | Record<string, true>>;
/** A Lambda function: its logical ID, bundle, the methods its job may call, and its services. */
export type Fn = {
  id: string;
  bundle: string;
  needs: Needs;
  services: (report: () => void) => unknown;
  /** Calls what no job lists. */
  ask?: () => Promise<void>;
};
export const functions: Fn[] = [
  { id: 'PollFeeds', bundle: 'poll-feeds', needs: pollNeeds, services: pollFeedsServices },
  { id: 'IngestFeeds', bundle: 'ingest-feeds', needs: ingestNeeds, services: ingestFeedsServices },
  { id: 'CreateDraft', bundle: 'create-draft', needs: draftNeeds, services: createDraftServices },
  { id: 'EnrichPost', bundle: 'enrich-post', needs: enrichNeeds, services: enrichPostServices },
  { id: 'ReceiveWebhook', bundle: 'receive-webhook', needs: receiveNeeds, services: receiveWebhookServices },
  { id: 'SendAlerts', bundle: 'send-alerts', needs: alertNeeds, services: sendAlertsServices },
  { id: 'SendEvents', bundle: 'send-events', needs: sendEventsNeeds, services: sendEventsServices },
  {
    id: 'DeliverEvents',
    bundle: 'deliver-events',
    needs: deliverEventsNeeds,
    services: deliverEventsServices,
  },
  {
    id: 'Console', // has no job: its pages and buttons are what it needs
    bundle: 'console',
    needs: {},
    services: () => null,
    ask: () => askConsole(consoleServices(() => {})),
  },
];

const aNotice = alertNotice(
  { row: newAlert(possibleGap('newsroom', 1)), entry: null },
  { timezone: 'UTC', where: { stage: 'prod' } },
);
/** A feed whose login makes ingest-feeds read a secret. No request is sent, because the name has no value. */
const aFeedBehindALogin = {
  url: 'http://127.0.0.1:9/feed',
  validators: null,
  allowPrivate: true,
  deadlineMs: 1_000,
  login: { headers: {}, basic: 'no-such-name' },
};

const hookArn = 'arn:aws:lambda:eu-central-1:111122223333:function:enrich';
const aHook = (target: EnrichConfig['target']): EnrichConfig => ({
  target,
  timeoutMs: 5_000,
  onFailure: 'hold',
});
const aQuestion = { key: 'k1', preview: false };
/** No request is sent, because the name has no value. */
const aHookElsewhere: EnrichConfig['target'] = {
  kind: 'url',
  url: 'http://127.0.0.1:9/',
  secretNames: ['none'],
  allowPrivate: true,
};

/** The arguments with which a test calls each method. */
export const argumentsOf: Record<string, unknown[]> = {
  'ledger.read': ['k1'],
  'ledger.insert': [anEntryRow()],
  'ledger.storeEntry': ['kept-1', toStoredEntry(story(1)), 1_800_000_000_000],
  'ledger.storedEntry': ['kept-1'],
  'ledger.setStoredEntryExpiry': ['kept-1', 1_800_000_000_000],
  'ledger.replace': [anEntryRow({ rev: 2 })],
  'ledger.due': [{ shard: 'leases', until: 1, limit: 1 }],
  'ledger.oldestQueued': [{ feed: 'newsroom', until: 1, limit: 1 }],
  'ledger.waiting': [{ state: 'uncertain', limit: 1 }],
  'feedStore.read': ['newsroom'],
  'feedStore.save': [aFeedRow()],
  'feedStore.schedule': [],
  'feedStore.setSlot': ['newsroom', aSlot({ notBefore: 1 })],
  'feedStore.setIntervalStep': ['newsroom', { step: 1, from: 1 }],
  'feedStore.backOff': ['one.example'],
  'feedStore.saveBackOff': [{ host: 'one.example', rev: 1, since: 1, until: 2, feeds: [] }],
  'feedStore.endBackOff': [{ host: 'one.example', rev: 1, since: 1, until: 2, feeds: [] }],
  'feedStore.startSlots': [
    [false, true].map((isMove) => ({ id: 'newsroom', address: aSlot().address, isMove })),
  ],
  'feedStore.tick': [],
  'feedStore.saveTick': [{ rev: 1, lastTick: 1, brands: [] }],
  'circuits.rows': [],
  'circuits.put': [aCircuitRow()],
  'circuits.remove': [aCircuitRow()],
  'quotas.read': ['newsroom'],
  'quotas.save': [{ feed: 'newsroom', rev: 1, takes: [], waits: [] }],
  'deliveries.read': ['blog'],
  'deliveries.save': [{ webhook: 'blog', rev: 1, day: '2026-11-20', counts: {}, latest: [] }],
  'alerts.rows': [10],
  'alerts.put': [newAlert(possibleGap('newsroom', 1))],
  'alerts.remove': [newAlert(possibleGap('newsroom', 1))],
  'deadLetters.feeds': [],
  'deadLetters.drafts': [],
  'channels.log': [[]],
  'channels.email': [[aNotice]],
  'channels.webhook': [[aNotice]],
  'dash.probe': [],
  'dash.create': [anEntryRow().post, { canStillSend: () => true }],
  'drafts.read': [7],
  'drafts.change': [7, { text: 'A caption' }],
  readMedium: [{ brand: 144, id: 1 }],
  listRecentPosts: [{ brand: 144, since: 0, latest: { brand: 144, postId: 1, at: 0 } }],
  'latestDrafts.read': [144],
  'latestDrafts.note': [{ brand: 144, postId: 1, at: 1 }],
  readyToken: [],
  secret: ['ghost'],
  fetchFeed: [aFeedBehindALogin],
  putEvents: [[aChangeEvent()]],
  sendDeliveries: [[{ to: null, event: aChangeEvent() }]],
  sendDeadLetters: [[{ to: null, event: aChangeEvent() }]],
  hideMessage: ['a-receipt', 1_000],
  sendFeeds: [[{ feeds: ['newsroom'] }]],
  sendWakeUps: [
    [
      { key: 'k1', brand: 144 },
      { key: 'k2', brand: 144, enrich: 'newsroom' },
    ],
  ],
  countWakeUps: [],
  countAsks: [],
  askHook: [aHook({ kind: 'lambda', arn: hookArn }), aQuestion],
};

/** A second call in the same turn, with other arguments, so that both are batched. */
export const alongside: Record<string, unknown[]> = {
  'feedStore.read': ['sport'],
  'ledger.read': ['k2'],
  askHook: [aHook(aHookElsewhere), aQuestion],
};

type Method = (...given: unknown[]) => Promise<unknown>;
/** The methods in `needs`, each as `port.method` or `port`. */
export const methodsOf = (services: unknown, needs: Needs): [string, Method][] =>
  Object.entries(needs).flatMap(([port, methods]) => {
    const given = (services as Record<string, unknown>)[port];
    if (methods === true) return [[port, given as Method]];
    return Object.keys(methods).map((name): [string, Method] => [
      `${port}.${name}`,
      (given as Record<string, Method>)[name] as Method,
    ]);
  });
