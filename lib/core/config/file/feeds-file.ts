import * as v from 'valibot';
import { templateVariables } from '../../captions/template-values.ts';
import { isObject } from '../../is-object.ts';
import type { SourceSettings } from '../../webhooks/source-settings.ts';
import { webhooksFitFeeds } from '../../webhooks/webhook-checks.ts';
import { must, mustBe } from '../wrong-value.ts';
import { AlertsSection } from './alerts-file.ts';
import {
  closedMap,
  duration,
  flag,
  identifier,
  pathTo,
  picked,
  type RawCheck,
  section,
  setting,
  template,
  timezone,
  wholeNumber,
} from './config-schema.ts';
import { ConsoleSection } from './console-file.ts';
import { DeploySection } from './deploy-file.ts';
import { editorialEntries, editorialFits } from './editorial-file.ts';
import { enrichEntries } from './enrich-file.ts';
import { EventsSection } from './events-file.ts';
import { loginEntries, oneLogin } from './login-file.ts';
import { onEditEntries } from './on-edit-file.ts';
import {
  ageEntries,
  boundsMeanSomething,
  oneRhythm,
  PollingSection,
  pollingEntries,
} from './polling-file.ts';
import { oneBrand, PostTemplates } from './post-templates.ts';
import { reviewEntries } from './review-file.ts';
import { StagesSection } from './stages-file.ts';
import { webhooksSection } from './webhooks-file.ts';

const urlMessage = must(
  'the address of a feed',
  'write it in full and without spaces, beginning with https://',
);
const isWebAddress = (url: string) => /^https?:\/\/[^\s/]\S*$/i.test(url) && URL.canParse(url);
const hasCredentials = (url: string) => Boolean(URL.parse(url)?.username || URL.parse(url)?.password);
/** A feed's address in feeds.yml. */
export const FeedUrl = v.pipe(
  v.string(urlMessage),
  v.maxLength(2_048, must('the address of a feed', 'use one of at most 2,048 characters')),
  v.check(isWebAddress, urlMessage),
  v.check(
    (url) => !hasCredentials(url),
    'contains a user name or a password: remove it, and use headers or basic instead',
  ),
);

const FeedPublish = v.picklist(
  ['draft'],
  mustBe('draft', 'public posts need a video, which feeds do not have; use a webhook instead'),
);

/** The settings allowed in `defaults` and in each feed. */
const feedEntries = {
  allow_private: setting(flag, 'true: the feed may have a private address. Default: false.'),
  timezone: setting(
    timezone,
    'Time zone of cron, slots, days and dates in captions. Default: that of the file.',
  ),
  ...pollingEntries,
  backfill: setting(
    wholeNumber(0, 1_000),
    'How many existing entries become drafts on the first poll. Default: 0.',
  ),
  ...ageEntries,
  publish: setting(FeedPublish, 'Feeds only make drafts; webhooks can also schedule or publish.'),
  when_uncertain: setting(
    picked('auto', 'retry', 'park'),
    'What to do after a lost response from Dash Social. auto: look for the draft, and send again only if it certainly does not exist; retry: send again; park: leave it to you. Default: auto.',
  ),
  ...reviewEntries,
  ...enrichEntries,
  ...onEditEntries,
  paused: setting(flag, 'true: the feed is not polled, and nothing is posted. Default: false.'),
  dedupe: setting(
    picked('brand', 'feed'),
    'Whether a story makes one draft per brand, or one per feed. Default: brand.',
  ),
  brand_id: setting(
    wholeNumber(0, Number.MAX_SAFE_INTEGER),
    'The brand in Dash Social that gets the drafts.',
  ),
  caption: setting(
    template,
    `Text of the post, in Liquid. Variables: ${templateVariables.join(', ')}. Default: title, summary and hashtags.`,
  ),
  ...editorialEntries,
  post: v.nullish(PostTemplates),
};

const FeedDefaults = v.pipe(
  closedMap(feedEntries),
  v.rawCheck(oneRhythm),
  v.rawCheck(boundsMeanSomething),
  v.rawCheck(oneBrand),
);
export type FeedDefaults = v.InferOutput<typeof FeedDefaults>;

const FeedAsWritten = v.pipe(
  closedMap({
    url: v.pipe(FeedUrl, v.description('Address of the feed.')),
    ...feedEntries,
    ...loginEntries,
  }),
  v.rawCheck(oneRhythm),
  v.rawCheck(boundsMeanSomething),
  v.rawCheck(oneLogin),
  v.rawCheck(oneBrand),
);
export type FeedAsWritten = v.InferOutput<typeof FeedAsWritten>;

const feedsMessage = must('a map of feeds', 'write an id, a colon, and below it the url');

const Dash = closedMap({
  look_up: setting(
    v.literal(false, mustBe('false', 'remove it if the list may be requested')),
    'false: never read the list of posts; when_uncertain: auto then leaves every lost response to you.',
  ),
  check_media: setting(
    v.literal(false, mustBe('false', 'remove it if the Library may be requested')),
    'false: do not check in the Library whether the video of a post that goes public exists and may be used.',
  ),
  rate_per_minute: setting(
    wholeNumber(1, 1_000),
    'Maximum posts per minute; a margin of 3 % is kept. Default: 1000.',
  ),
});

const sectionsWith = (sources: readonly SourceSettings[]) => ({
  timezone: setting(timezone, 'Time zone of all feeds that set none. Default: UTC.'),
  mean_interval: setting(
    duration,
    'Average polling interval of all feeds without every or cron. Default: 15m.',
  ),
  polling: v.nullish(PollingSection),
  dash: v.nullish(Dash),
  defaults: v.nullish(FeedDefaults),
  feeds: v.nullish(
    v.pipe(
      v.custom<Record<string, unknown>>(isObject, feedsMessage),
      v.record(identifier('feed'), FeedAsWritten),
    ),
  ),
  webhooks: v.nullish(webhooksSection(sources)),
  stages: v.nullish(StagesSection),
  alerts: v.nullish(AlertsSection),
  events: v.nullish(EventsSection),
  console: v.nullish(ConsoleSection),
  deploy: v.nullish(DeploySection),
});

const brandOf = (layer: unknown): unknown =>
  isObject(layer) ? (layer.brand_id ?? section(layer, 'post').brand_id) : undefined;

// Checks across sections also run on files with other faults, so that every fault is reported at once.
const everyFeedHasABrand: RawCheck = ({ dataset: { value }, addIssue }) => {
  if (brandOf(section(value, 'defaults')) !== undefined) return;
  for (const [id, feed] of Object.entries(section(value, 'feeds'))) {
    if (isObject(feed) && brandOf(feed) === undefined) {
      addIssue({
        message: 'has no brand_id: give it one, or give one to defaults',
        path: pathTo(['feeds', id]),
      });
    }
  }
};

/** The schema of feeds.yml, with webhooks from `sources`. Top-level keys beginning with `x-` are ignored. */
export const feedsFileSchema = (sources: readonly SourceSettings[]) =>
  v.pipe(
    closedMap(sectionsWith(sources), /^x-/),
    v.rawCheck(everyFeedHasABrand),
    v.rawCheck(webhooksFitFeeds),
    v.rawCheck(editorialFits),
  );
/** feeds.yml as it is written. */
export type FeedsFile = v.InferOutput<ReturnType<typeof feedsFileSchema>>;
