import { expect, it } from 'vitest';
import { markupOf } from '../../console/html.ts';
import { movesView } from '../../console/moves-view.ts';
import { publishModes } from '../../lib/core/posts/check-post.ts';
import { anEntryRow } from '../support/store-rows.ts';

const view = (mode: keyof typeof publishModes, state: 'held' | 'rejected' = 'held') => {
  const row = anEntryRow({ state, wakeAt: null });
  const post = row.post && { ...row.post, ...publishModes[mode] };
  return markupOf(movesView({ ...row, post }, 'e', { token: 't', back: '/' }) ?? ('' as never));
};

it('releases a draft at once', () => {
  expect(view('draft')).toContain('Release: make a draft');
  expect(view('draft')).not.toContain('goes live on TikTok');
});

it.each([
  ['schedule', 'Release: schedule it…'],
  ['now', 'Release: publish it now…'],
] as const)('warns before it releases a post with publish: %s', (mode, words) => {
  expect(view(mode)).toContain(words);
  expect(view(mode)).toContain('This goes live on TikTok');
});

it('warns before it sends a public post again', () => {
  expect(view('now', 'rejected')).toContain('This goes live on TikTok');
});

it('tries an entry again that is still looked up only after a warning', () => {
  const row = anEntryRow({ state: 'uncertain', wakeAt: 9_000 });
  const body = markupOf(movesView(row, 'e', { token: 't', back: '/' }) ?? ('' as never));

  expect(body).toContain('Try again anyway…');
  expect(body).toContain('Its draft is still being looked up.');
  expect(body).toContain('name="evenIfLookedUp" value="yes"');
});
