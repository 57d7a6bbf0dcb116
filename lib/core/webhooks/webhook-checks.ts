import { didYouMean } from '../config/did-you-mean.ts';
import { pathTo, type RawCheck, section } from '../config/file/config-schema.ts';
import { isObject } from '../is-object.ts';
import {
  type FieldName,
  type SourceSettingName,
  type SourceSettings,
  sourceSettingNames,
} from './source-settings.ts';

// Checks that involve more than one setting. Each also runs on files that have other faults.

type Sources = readonly SourceSettings[];

const reasons: Partial<Record<SourceSettingName, string>> = {
  content_types: 'otherwise every author and menu entry would become a draft',
  map: 'map at least id, title and link',
  verify: 'set how its deliveries are authenticated',
};

const sourceOf = (sources: Sources, value: unknown): SourceSettings | undefined =>
  isObject(value) ? sources.find(({ name }) => name === value.from) : undefined;

const whatItTakes = ({ takes }: SourceSettings): string =>
  takes.length === 0 ? 'remove it' : `remove it, or use ${takes.join(', ')}`;

/** A webhook has all settings that its source requires, and none that it does not support. */
export const fitsItsSource =
  (sources: Sources): RawCheck =>
  ({ dataset: { value }, addIssue }) => {
    const source = sourceOf(sources, value);
    if (source === undefined) return;
    for (const setting of sourceSettingNames) {
      if (value[setting] !== undefined && !source.takes.includes(setting)) {
        const message = `does not apply to ${source.name}: ${whatItTakes(source)}`;
        addIssue({ message, path: pathTo([setting], 'key') });
      }
      if (value[setting] === undefined && source.needs.includes(setting)) {
        addIssue({ message: `has no ${setting}, which ${source.name} needs: ${reasons[setting]}` });
      }
    }
  };

/** `verify` has a form that the source supports. */
export const verifiesAsItsSource =
  (sources: Sources): RawCheck =>
  ({ dataset: { value }, addIssue }) => {
    const source = sourceOf(sources, value);
    const verify = section(value, 'verify');
    if (source?.verifyForms === undefined || !isObject(value.verify)) return;
    if (source.verifyForms.some((form) => verify[form] !== undefined)) return;
    const forms = source.verifyForms.join(' or ');
    addIssue({
      message: `must be a ${forms}, because ${source.name} can send nothing else: change it`,
      path: pathTo(['verify']),
    });
  };

/** Whether entries would lack a field, as far as the file shows. */
const lacks = (sources: Sources, value: Record<string, unknown>, field: FieldName): boolean => {
  if (field === 'link' && value.link !== undefined) return false;
  const isMapped = [value.map, value.fields].some((map) => isObject(map) && map[field] !== undefined);
  return !isMapped && sourceOf(sources, value)?.lacks.includes(field) === true;
};

/** Each entry has an ID or a link, and a link if the webhook belongs to a feed. */
export const identifiesEntries =
  (sources: Sources): RawCheck =>
  ({ dataset: { value }, addIssue }) => {
    if (!isObject(value)) return;
    if (value.feed !== undefined && lacks(sources, value, 'link')) {
      const message =
        'has a feed but no link, which is needed to recognize entries of the feed: set a link template';
      addIssue({ message });
    }
    if (isObject(value.map) && lacks(sources, value, 'id') && lacks(sources, value, 'link')) {
      const message = 'must have id or link: without them entries cannot be distinguished';
      addIssue({ message, path: pathTo(['map']) });
    }
  };

/** A public post has a video and a time. */
export const canPublish =
  (sources: Sources): RawCheck =>
  ({ dataset: { value }, addIssue }) => {
    if (!isObject(value)) return;
    const isDraft = value.publish === undefined || value.publish === 'draft';
    const post = isObject(value.post) ? value.post : {};
    if (isDraft && value.stale_after !== undefined) {
      const message = 'applies to public posts only, and this webhook makes drafts: remove it';
      addIssue({ message, path: pathTo(['stale_after'], 'key') });
    }
    if (!isDraft && lacks(sources, value, 'media_ids') && post.media_ids === undefined) {
      const message = 'needs a video: map media_ids to its place in the payload, or write publish: draft';
      addIssue({ message, path: pathTo(['publish']) });
    }
    if (value.publish === 'schedule' && post.timestamp === undefined && value.at === undefined) {
      const message = 'needs a time: set at, or timestamp under post, or write now or draft';
      addIssue({ message, path: pathTo(['publish']) });
    }
  };

const settingsOfTheFeed = ['brand_id', 'caption', 'timezone', 'only', 'skip', 'limits', 'at', 'slots', 'utm'];

/** The settings that determine the post are set either on the feed or on the webhook. */
export const leavesToItsFeed: RawCheck = ({ dataset: { value }, addIssue }) => {
  if (!isObject(value) || value.feed === undefined) return;
  const post = isObject(value.post) ? value.post : {};
  const own = settingsOfTheFeed.filter((name) => value[name] !== undefined).map((name) => [name]);
  for (const path of post.brand_id === undefined ? own : [...own, ['post', 'brand_id']]) {
    addIssue({ message: 'is taken from the feed: remove it, or remove feed', path: pathTo(path, 'key') });
  }
};

/** A check over the whole file: each webhook has an existing feed, or its own ID and brand. */
export const webhooksFitFeeds: RawCheck = ({ dataset: { value: file }, addIssue }) => {
  const feeds = Object.keys(section(file, 'feeds'));
  const defaults = section(file, 'defaults');
  const hasBrand = (layer: Record<string, unknown>) =>
    layer.brand_id !== undefined || section(layer, 'post').brand_id !== undefined;
  for (const [id, webhook] of Object.entries(section(file, 'webhooks'))) {
    if (!isObject(webhook)) continue;
    if (typeof webhook.feed === 'string') {
      if (feeds.includes(webhook.feed)) continue;
      addIssue({ message: unknownFeed(webhook.feed, feeds), path: pathTo(['webhooks', id, 'feed']) });
      continue;
    }
    if (feeds.includes(id)) {
      const message = `has the same ID as a feed, but is not linked to it: write feed: ${id}, or choose another ID`;
      addIssue({ message, path: pathTo(['webhooks', id], 'key') });
    }
    if (!hasBrand(webhook) && !hasBrand(defaults)) {
      addIssue({
        message: 'has neither feed nor brand_id: give it one of them',
        path: pathTo(['webhooks', id]),
      });
    }
  }
};

const unknownFeed = (name: string, feeds: string[]): string => {
  const meant = didYouMean(name, feeds);
  return meant
    ? `is no feed of this file: did you mean ${meant}?`
    : 'is no feed of this file: write the id of one';
};
