import type { FeedConfig, Publish, Rhythm, WebhookConfig } from '../lib/core/config/config.ts';
import type { Editorial } from '../lib/core/editorial/editorial.ts';
import { formatDuration } from '../lib/core/text/format-time.ts';
import { type Html, html } from './html.ts';
import { fact } from './pieces.ts';

/** A setting by its name in feeds.yml, and its value as text. */
type Setting = [name: string, value: string];

const everyOf = (rhythm: Rhythm): Setting => {
  if ('cron' in rhythm) return ['cron', `${rhythm.cron} (${rhythm.timezone})`];
  return 'adaptive' in rhythm ? ['every', 'adaptive'] : ['every', formatDuration(rhythm.everyMs)];
};

const publishTexts: Record<Publish, string> = {
  draft: 'draft (reviewed in Dash Social)',
  schedule: 'schedule (published at its time, without another review)',
  now: 'now (published at once, without another review)',
};

const reviewText = (review: FeedConfig['review']): string =>
  typeof review === 'boolean' ? (review ? 'yes' : 'no') : `the first ${review.first}`;

const asText = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(asText).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** Only what is set: no empty lists, and no limits that are missing. */
const whatIsSet = (settings: readonly [name: string, value: unknown][]): Setting[] =>
  settings.flatMap(([name, value]): Setting[] => {
    const isMissing = value === null || value === undefined || (Array.isArray(value) && value.length === 0);
    return isMissing ? [] : [[name, asText(value)]];
  });

const clockTime = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

const atOf = (at: Editorial['at']): [name: string, value: unknown][] => {
  if (at === null) return [];
  if (at.kind === 'slot')
    return [
      ['at', 'next_slot'],
      ['slots', at.slots.map(clockTime)],
    ];
  return [['at', at.kind === 'after' ? `+${formatDuration(at.ms)}` : at.template]];
};

const editorialOf = ({ rules: { only, skip }, limits, at, utm }: Editorial): Setting[] =>
  whatIsSet([
    ['only.keywords', only.keywords],
    ['only.categories', only.categories],
    ['only.newer_than', only.newerThanMs === null ? null : formatDuration(only.newerThanMs)],
    ['skip.keywords', skip.keywords],
    ['skip.categories', skip.categories],
    ['skip.authors', skip.authors],
    ['limits.per_day', limits.perDay],
    ['limits.per_hour', limits.perHour],
    ['limits.quiet', limits.quiet && `${clockTime(limits.quiet.from)}–${clockTime(limits.quiet.to)}`],
    ...atOf(at),
    ...Object.entries(utm ?? {}).map(([field, value]): [string, unknown] => [`utm.${field}`, value]),
  ]);

const mappingOf = (feed: FeedConfig): Setting[] => [
  ['brand_id', String(feed.brandId)],
  ['publish', publishTexts[feed.publish]],
  ['review', reviewText(feed.review)],
  ['on_edit', feed.onEdit],
  ['when_uncertain', feed.whenUncertain],
  ['max_age', feed.maxAgeMs === null ? 'none' : formatDuration(feed.maxAgeMs)],
  ['timezone', feed.timezone],
  ...editorialOf(feed.editorial),
  ['caption', feed.caption],
  ...whatIsSet(Object.entries(feed.post).map(([field, value]) => [`post.${field}`, value])),
];

/** A feed's settings by their names in feeds.yml, with its defaults applied. Secrets are named, never shown. */
export const feedSettings = (feed: FeedConfig): Setting[] => [
  ['url', feed.url],
  everyOf(feed.rhythm),
  ...whatIsSet([
    ['paused', feed.paused ? 'yes' : null],
    ['backfill', feed.backfill > 0 ? feed.backfill : null],
  ]),
  ['dedupe', feed.dedupe],
  ...mappingOf(feed),
];

/** The same for a webhook. */
export const webhookSettings = ({ from, secretNames, hasFeed, mapping }: WebhookConfig): Setting[] => [
  ['from', from],
  ['secret_name', secretNames.join(', ')],
  ...whatIsSet([['feed', hasFeed ? mapping.id : null]]),
  ...mappingOf(mapping),
];

/** Settings, folded; `id` keeps it open while the page refreshes. */
export const settingsView = (id: string, settings: readonly Setting[]): Html =>
  html`<details id="${id}"><summary>Settings in feeds.yml, with defaults</summary>
<dl class="facts">${settings.map(([name, value]) => fact(name, value.includes('\n') ? html`<pre tabindex="0">${value}</pre>` : value))}</dl></details>`;
