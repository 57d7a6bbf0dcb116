import * as v from 'valibot';
import { renderCaption } from '../captions/caption.ts';
import { shorten } from '../captions/shorten.ts';
import { renderTemplate } from '../captions/template.ts';
import { templateValues } from '../captions/template-values.ts';
import type { FeedConfig } from '../config/config.ts';
import type { Entry } from '../entries/entry.ts';
import type { StoredEntry } from '../entries/stored-entry.ts';
import { isVisible, tidyText } from '../text/tidy-text.ts';
import { checkPost, publishModes } from './check-post.ts';
import { type Overrides, withEdits } from './edits.ts';
import { postTime } from './post-time.ts';
import { timestampOf } from './stamp-post.ts';
import { maxTextUnits, postFields, type TikTokPost } from './tiktok-post.ts';

export type RenderedPost =
  | { ok: true; post: TikTokPost }
  | { ok: false; code: 'caption.empty' | 'caption.failed' | 'post.invalid' | 'post.no-date'; detail: string };

/**
 * `feedTitle`: as in the document. `now`: epoch milliseconds; without it a post has no time that depends on when it is
 * sent, and none can be scheduled. `edits`: fields that are taken as they are, whatever their templates render.
 */
type Context = { feedTitle?: string | null; now?: number; edits?: Overrides };

const fieldDefaults = { thumbnail_url: '{{ image }}' };

/** Renders every text in a value; texts that render empty are left out. Anything else is unchanged. */
const renderTexts = (value: unknown, render: (template: string) => string): unknown => {
  if (typeof value === 'string') return shorten(tidyText(render(value)), maxTextUnits) || undefined;
  if (Array.isArray(value)) {
    return value.map((item) => renderTexts(item, render)).filter((item) => item !== undefined);
  }
  if (value === null || typeof value !== 'object') return value;
  const rendered = Object.entries(value).map(([key, item]) => [key, renderTexts(item, render)] as const);
  return Object.fromEntries(rendered.filter(([, item]) => item !== undefined));
};

/** A thumbnail only decorates Dash Social's own pages, so an invalid one does not hold an entry. */
const withoutBadThumbnail = ({ thumbnail_url, ...fields }: Record<string, unknown>) =>
  v.is(postFields.thumbnail_url, thumbnail_url) ? { ...fields, thumbnail_url } : fields;

const emptyDetail = ({ title, summary, content }: Entry): string => {
  const has = Object.entries({ title, summary, content }).filter(([, value]) => value !== null);
  const names = has.map(([name]) => name).join(', ') || 'neither title, summary nor content';
  return `the caption template renders nothing for this entry (it has: ${names})`;
};

const render = (
  feed: FeedConfig,
  entry: Entry,
  { feedTitle = null, now = 0, edits = {} }: Context,
): RenderedPost => {
  const values = templateValues(feed, entry, feedTitle);
  const text = edits.text ?? renderCaption(feed.caption, values, feed.timezone);
  if (!isVisible(text)) return { ok: false, code: 'caption.empty', detail: emptyDetail(entry) };

  const rendered = renderTexts({ ...fieldDefaults, ...feed.post }, (template) =>
    renderTemplate(template, values, feed.timezone),
  );
  const fields = withoutBadThumbnail(rendered as Record<string, unknown>);
  const time =
    edits.timestamp === undefined
      ? postTime(feed, now, (template) => renderTemplate(template, values, feed.timezone))
      : null;
  if (time !== null && typeof time === 'object')
    return { ok: false, code: 'post.no-date', detail: time.fault };
  const rendering = {
    brand_id: feed.brandId,
    ...publishModes[feed.publish],
    creation_source: 'RSS_FEED',
    text,
    ...fields,
    ...(time !== null && { timestamp: timestampOf(time) }),
  };
  const checked = checkPost(withEdits(rendering as Partial<TikTokPost>, edits), { mode: feed.publish, now });
  if (checked.ok) return checked;
  const detail = checked.problems.map(({ message }) => message).join('; ');
  return { ok: false, code: 'post.invalid', detail };
};

/**
 * The post of an entry exactly as it will be sent, or why there is none, as text. Never throws. `caption.empty`: the
 * template renders nothing visible; a caption of only hashtags or a link is not empty, because the template produced
 * it. `caption.failed`: rendering exceeded its limits. `post.invalid`: a rendered field breaks a rule of the API.
 * `post.no-date`: `at` does not render to a date. Optional fields that render empty are left out.
 */
export const renderPost = (feed: FeedConfig, entry: Entry, context: Context = {}): RenderedPost => {
  try {
    return render(feed, entry, context);
  } catch (fault) {
    // Only Liquid throws here: its limits on time and memory, or a filter given an unsuitable value.
    const detail = `a template failed: ${fault instanceof Error ? fault.message : String(fault)}`;
    return { ok: false, code: 'caption.failed', detail };
  }
};

/**
 * The post of a stored entry with the settings of a feed or webhook; see `renderPost`. Media from the delivery replace
 * those in the settings, and edits replace what is rendered. `now`: epoch milliseconds, if known.
 */
export const renderStored = (
  feed: FeedConfig,
  { entry, feedTitle, mediaIds }: StoredEntry,
  now?: number,
  edits: Overrides = {},
): RenderedPost => {
  const post = { ...feed.post, ...(mediaIds && { media_ids: mediaIds }) };
  return renderPost({ ...feed, post }, entry, { feedTitle, edits, ...(now !== undefined && { now }) });
};
