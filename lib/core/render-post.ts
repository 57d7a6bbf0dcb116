import { renderCaption } from './caption.ts';
import type { FeedConfig } from './config.ts';
import type { Entry } from './entry.ts';
import { shorten } from './shorten.ts';
import { renderTemplate } from './template.ts';
import { templateValues } from './template-values.ts';
import { isVisible, tidyText } from './tidy-text.ts';
import type { TikTokPost } from './tiktok-post.ts';

export type RenderedPost =
  | { ok: true; post: TikTokPost }
  | { ok: false; code: 'caption.empty' | 'caption.failed' | 'post.invalid'; detail: string };

const longestText = 2_200;

const thumbnailDefault = { thumbnail_url: '{{ image }}' };

/** Renders every text in a value; what renders to nothing is left out. Anything but a text is as it is. */
const renderTexts = (value: unknown, render: (template: string) => string): unknown => {
  if (typeof value === 'string') return shorten(tidyText(render(value)), longestText) || undefined;
  if (Array.isArray(value))
    return value.map((item) => renderTexts(item, render)).filter((item) => item !== undefined);
  if (value === null || typeof value !== 'object') return value;
  const rendered = Object.entries(value).map(([key, item]) => [key, renderTexts(item, render)] as const);
  return Object.fromEntries(rendered.filter(([, item]) => item !== undefined));
};

const isWebAddress = (value: unknown): boolean =>
  typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value);

/** A thumbnail only decorates Dash Social's own pages: no reason to hold an entry. */
const withoutBadThumbnail = (fields: Record<string, unknown>): Record<string, unknown> => {
  const { thumbnail_url: thumbnail, ...others } = fields;
  return thumbnail === null || isWebAddress(thumbnail) ? fields : others;
};

/**
 * The finished post of an entry, exactly as it will be sent; or why there is none, for a person to read.
 * `caption.empty`: the template rendered to nothing visible. A caption of hashtags or a link only is not nothing.
 * `caption.failed`: rendering went over its bounds. `post.invalid`: the API's rules refuse a rendered field.
 */
export const renderPost = (
  feed: FeedConfig,
  entry: Entry,
  { feedTitle = null }: { feedTitle?: string | null } = {},
): RenderedPost => {
  const values = templateValues(feed, entry, feedTitle);
  try {
    const text = renderCaption(feed.caption, values, feed.timezone);
    if (!isVisible(text)) return { ok: false, code: 'caption.empty', detail: emptyDetail(entry) };
    const render = (template: string) => renderTemplate(template, values, feed.timezone);
    const fields = renderTexts({ ...thumbnailDefault, ...feed.post }, render) as Record<string, unknown>;
    return {
      ok: true,
      post: {
        brand_id: feed.brandId,
        status: 'DRAFT',
        auto_publish: false,
        creation_source: 'RSS_FEED',
        text,
        ...withoutBadThumbnail(fields),
      },
    };
  } catch (fault) {
    return {
      ok: false,
      code: 'caption.failed',
      detail: fault instanceof Error ? fault.message : String(fault),
    };
  }
};

const emptyDetail = ({ title, summary, content }: Entry): string => {
  const has = Object.entries({ title, summary, content }).filter(([, value]) => value !== null);
  const names = has.map(([name]) => name).join(', ') || 'neither title nor summary nor content';
  return `The caption's template rendered to nothing; the entry has ${names}. Change the feed's caption, then release the entry.`;
};
