import { hash } from 'node:crypto';
import type { Config, FeedConfig, WebhookConfig } from '../config/config.ts';
import type { EntryRow, Rendering } from '../ledger/row.ts';

/**
 * Incremented by a release that renders the same entry and settings differently, so that waiting rows are rendered
 * again.
 */
const renderingVersion = 1;

/** `at` only matters if its template sets the time; any other time is decided when the post is sent. */
const hashOf = ({ id, url, timezone, caption, post, editorial: { at, utm } }: FeedConfig): string => {
  const time = at?.kind === 'template' ? at.template : null;
  const settings = [renderingVersion, id, url, timezone, caption, post, time, utm];
  return hash('sha256', JSON.stringify(settings)).slice(0, 16);
};

const feedName = (id: string): string => `${id}/feed`;
const hookName = (id: string): string => `${id}/hook`;

export const feedRendering = (feed: FeedConfig): Rendering => ({
  by: feedName(feed.id),
  from: hashOf(feed),
});

export const hookRendering = ({ id, mapping }: Pick<WebhookConfig, 'id' | 'mapping'>): Rendering => ({
  by: hookName(id),
  from: hashOf(mapping),
});

/** The current settings with which a row's post was rendered; null if feeds.yml no longer has them. */
export const settingsNow = (
  { feeds, webhooks }: Pick<Config, 'feeds' | 'webhooks'>,
  { rendering: { by } }: Pick<EntryRow, 'rendering'>,
): { settings: FeedConfig; rendering: Rendering } | null => {
  const feed = feeds.find(({ id }) => by === feedName(id));
  if (feed) return { settings: feed, rendering: feedRendering(feed) };
  const webhook = webhooks.find(({ id }) => by === hookName(id));
  return webhook ? { settings: webhook.mapping, rendering: hookRendering(webhook) } : null;
};
