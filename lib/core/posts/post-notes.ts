import type { Video } from '../entries/entry.ts';
import type { TikTokPost } from './tiktok-post.ts';
import { videoFacts, videoFaults } from './video-rules.ts';

/**
 * A note on a post besides the rules; a draft is never refused for it. `warns`: something is likely wrong. `text` is
 * shown to users.
 */
export type PostNote = { about: 'disclosure' | 'video' | 'one paragraph'; warns: boolean; text: string };

const declared = {
  promoted: 'declared: promoted (your own brand)',
  paid_partnership: 'declared: paid partnership (another brand)',
};

/** TikTok's help pages: posts that promote a brand, product or service must disclose it, including one's own. */
const disclosure = ({ branded_content_type: type, status }: TikTokPost): PostNote => {
  const about = 'disclosure';
  if (type) return { about, warns: false, text: declared[type] };
  if (type === null) return { about, warns: false, text: 'declared: promotes nothing' };
  const rule = 'TikTok requires it for posts that promote a brand, product or service, including your own';
  if (status === 'DRAFT') return { about, warns: false, text: `not declared. ${rule}` };
  return {
    about,
    warns: true,
    text: `not declared, but the post goes public. ${rule}: set post.branded_content_type`,
  };
};

const seconds = (ms: number): string => `${ms / 1_000} s`;

const offsetFaults = (offset: number | null | undefined, durationS: number | null): string[] =>
  typeof offset === 'number' && durationS !== null && offset > durationS * 1_000
    ? [`thumbnail_offset is at ${seconds(offset)}, but the video ends at ${durationS} s`]
    : [];

const videoNotes = ({ thumbnail_offset: offset }: TikTokPost, video: Video): PostNote[] => {
  const faults = [...videoFaults(video), ...offsetFaults(offset, video.durationS)];
  const text = faults.length > 0 ? faults.join('; ') : `${videoFacts(video)}: no problems found`;
  return [{ about: 'video', warns: faults.length > 0, text }];
};

const oneParagraph = (text: string): string =>
  text.replace(/\s+/g, (gap) => (gap.includes('\n') ? ' ' : gap));

/** How a caption reads if TikTok drops its line breaks, as two makers of scheduling tools report for its API. */
const paragraph = ({ text = '' }: TikTokPost): PostNote[] =>
  text.includes('\n') ? [{ about: 'one paragraph', warns: false, text: oneParagraph(text) }] : [];

/** The notes on a post. `video`: its entry's video, as described by the feed. */
export const postNotes = (post: TikTokPost, video: Video | null): PostNote[] => [
  disclosure(post),
  ...(video === null ? [] : videoNotes(post, video)),
  ...paragraph(post),
];
