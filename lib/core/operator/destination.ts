import type { Publish } from '../config/config.ts';

/** Where a post goes when it is sent, by `publish` in feeds.yml, as the end of a sentence. */
export const destinationTexts: Readonly<Record<Publish, string>> = {
  draft: 'a draft in Dash Social, which your team publishes there.',
  schedule: 'scheduled: it goes live on TikTok at its time, without another review.',
  now: 'published live on TikTok at once, without another review.',
};
