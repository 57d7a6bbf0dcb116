import { expect, it } from 'vitest';
import { updateNotes } from '../../cli/update-notes.ts';
import { feedOf } from '../support/entries.ts';
import { webhookOf } from '../support/hook-world.ts';

it('names the feeds and webhooks whose drafts change with their articles, and what that needs', () => {
  const feeds = [feedOf({ onEdit: 'update' }), feedOf({ id: 'quiet', onEdit: 'ignore' })];
  const webhooks = [webhookOf({}, { id: 'blog', onEdit: 'update' })];

  expect(updateNotes({ feeds, webhooks })).toEqual([
    expect.stringMatching(/^on_edit: update \(newsroom, blog\) needs Dash Social to show a post by its ID/),
  ]);
  expect(updateNotes({ feeds: [feedOf()], webhooks: [] })).toEqual([]);
});
