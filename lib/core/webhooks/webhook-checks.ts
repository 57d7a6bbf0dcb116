import { didYouMean } from '../config/did-you-mean.ts';
import { pathTo, type RawCheck, section } from '../config/file/config-schema.ts';
import { isObject } from '../posts/tiktok-post.ts';
import type { FieldName, SourceName } from './webhook.ts';

// What one schema of one setting cannot say. Every check runs on files that are wrong elsewhere too.

/** Settings of which each source takes some. */
const options = [
  'verify',
  'when',
  'map',
  'fields',
  'link',
  'content_types',
  'environment',
  'locale',
  'base',
  'path',
] as const;
type Option = (typeof options)[number];

const mapped: readonly Option[] = ['when', 'map', 'link', 'base'];

type Abilities = {
  takes: readonly Option[];
  needs: readonly Option[];
  /** What no payload of it has at a place that we know. */
  lacks: readonly FieldName[];
};

const sources: Record<SourceName, Abilities> = {
  'standard-webhooks': { takes: mapped, needs: ['map'], lacks: ['id', 'link', 'media_ids'] },
  ghost: { takes: ['base'], needs: [], lacks: ['media_ids'] },
  wordpress: { takes: ['content_types', 'base'], needs: [], lacks: ['media_ids'] },
  contentful: {
    takes: ['content_types', 'environment', 'locale', 'fields', 'link', 'base', 'path'],
    needs: ['content_types'],
    lacks: ['link', 'media_ids'],
  },
  hygraph: {
    takes: ['content_types', 'environment', 'locale', 'fields', 'link', 'base'],
    needs: ['content_types'],
    lacks: ['link', 'media_ids'],
  },
  sanity: { takes: ['content_types', 'fields', 'link', 'base'], needs: [], lacks: [] },
  strapi: {
    takes: ['verify', 'content_types', 'locale', 'fields', 'link', 'base'],
    needs: ['content_types'],
    lacks: ['link', 'media_ids'],
  },
  webflow: {
    takes: ['content_types', 'fields', 'link', 'base'],
    needs: ['content_types'],
    lacks: ['link', 'media_ids'],
  },
  github: { takes: [], needs: [], lacks: ['media_ids'] },
  generic: { takes: ['verify', ...mapped], needs: ['verify', 'map'], lacks: ['id', 'link', 'media_ids'] },
  storyblok: { takes: ['verify', ...mapped], needs: [], lacks: ['link', 'media_ids'] },
  directus: { takes: ['verify', ...mapped], needs: [], lacks: [] },
  zapier: { takes: ['verify', ...mapped], needs: [], lacks: [] },
};

const why: Partial<Record<Option, string>> = {
  content_types: 'without it every author and menu entry would become a draft',
  map: 'say at least where id, title and link are in the payload',
  verify: 'say how a delivery proves where it comes from',
};

const sourceOf = (value: unknown) => (isObject(value) ? sources[value.from as SourceName] : undefined);

/** A webhook has what its source needs, and nothing that it does not know. */
export const fitsItsSource: RawCheck = ({ dataset: { value }, addIssue }) => {
  const source = sourceOf(value);
  if (source === undefined) return;
  for (const option of options) {
    if (value[option] !== undefined && !source.takes.includes(option)) {
      const others = source.takes.length > 0 ? `: it takes ${source.takes.join(', ')}` : ': remove it';
      addIssue({ message: `is nothing that ${value.from} knows${others}`, path: pathTo([option], 'key') });
    }
    if (value[option] === undefined && source.needs.includes(option)) {
      addIssue({ message: `has no ${option}, which ${value.from} needs: ${why[option]}` });
    }
  }
};

/** The one source with a choice of proof, but not of every kind. */
export const strapiSignsNothing: RawCheck = ({ dataset: { value }, addIssue }) => {
  if (!isObject(value) || value.from !== 'strapi' || !isObject(value.verify)) return;
  if (value.verify.static_header !== undefined) return;
  addIssue({ message: 'must be a static_header: Strapi signs nothing', path: pathTo(['verify']) });
};

/** Whether entries will be without a field, as far as the file can tell. */
const lacks = (value: Record<string, unknown>, field: FieldName): boolean => {
  if (field === 'link' && value.link !== undefined) return false;
  const told = [value.map, value.fields].some((map) => isObject(map) && map[field] !== undefined);
  return !told && sourceOf(value)?.lacks.includes(field) === true;
};

/** Each entry can be told from the others, and by its feed. */
export const knowsItsEntries: RawCheck = ({ dataset: { value }, addIssue }) => {
  if (!isObject(value)) return;
  if (value.feed !== undefined && lacks(value, 'link')) {
    addIssue({
      message: 'has a feed but no link, by which alone the feed knows a story again: give it a link template',
    });
  }
  if (isObject(value.map) && lacks(value, 'id') && lacks(value, 'link')) {
    addIssue({
      message: 'must hold id or link: nothing else tells one story from another',
      path: pathTo(['map']),
    });
  }
};

/** What goes public: a video that the webhook brings, and when to show it. */
export const canPublish: RawCheck = ({ dataset: { value }, addIssue }) => {
  if (!isObject(value)) return;
  const isDraft = value.publish === undefined || value.publish === 'draft';
  const post = isObject(value.post) ? value.post : {};
  if (isDraft && value.stale_after !== undefined) {
    addIssue({
      message: 'is for what goes public, and this makes drafts: remove it',
      path: pathTo(['stale_after'], 'key'),
    });
  }
  if (!isDraft && lacks(value, 'media_ids') && post.media_ids === undefined) {
    const message = 'needs a video: say where the payload has media_ids, or write publish: draft';
    addIssue({ message, path: pathTo(['publish']) });
  }
  if (value.publish === 'schedule' && post.timestamp === undefined && value.at === undefined) {
    addIssue({
      message: 'must say when: give it at or post a timestamp, or write now or draft',
      path: pathTo(['publish']),
    });
  }
};

const ofTheFeed = ['brand_id', 'caption', 'timezone', 'only', 'skip', 'limits', 'at', 'slots', 'utm'];

/** What decides which post it is comes from one place only. */
export const leavesToItsFeed: RawCheck = ({ dataset: { value }, addIssue }) => {
  if (!isObject(value) || value.feed === undefined) return;
  const post = isObject(value.post) ? value.post : {};
  const said = ofTheFeed.filter((name) => value[name] !== undefined).map((name) => [name]);
  for (const path of post.brand_id === undefined ? said : [...said, ['post', 'brand_id']]) {
    addIssue({ message: 'is taken from the feed: remove it, or remove feed', path: pathTo(path, 'key') });
  }
};

/** Over the whole file: each webhook has a feed that is there, or an identity and a brand of its own. */
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
      const message = `has the id of a feed, but is not said to be its webhook: write feed: ${id}, or take another id`;
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
