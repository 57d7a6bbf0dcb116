import { expect, it } from 'vitest';
import type { ActivityRow } from '../../../lib/core/activity/activity-row.ts';
import { activityText } from '../../../lib/core/activity/activity-text.ts';
import { anActivity } from '../../support/activities.ts';

const many = { key: null, title: null, count: 456 };
const none = { key: null, title: null };

const texts: [words: string, given: Partial<ActivityRow>][] = [
  ['released A bridge of newsroom', {}],
  ['approved A bridge of newsroom', { kind: 'approve' }],
  ['tried again entry-1 of newsroom', { kind: 'retry', title: null }],
  ['undid the last decision about A bridge of newsroom', { kind: 'undo' }],
  ['reset to the template A bridge of newsroom', { kind: 'reset' }],
  ['released 456 entries of newsroom', many],
  ['dismissed 1,200 entries of a and b', { ...many, kind: 'dismiss', count: 1_200, feeds: ['a', 'b'] }],
  ['released 456 entries of newsroom; 3 unchanged', { ...many, refused: 3 }],
  ['released 9 entries of a, b, c, d, e, f, g, h and i', { ...many, count: 9, feeds: [...'abcdefghi'] }],
  [
    'released 99 entries of a, b, c, d, e, f, g, h and i and others',
    { ...many, count: 99, feeds: [...'abcdefghij'] },
  ],
  ['released entries', { ...many, count: 0, endedAt: null, feeds: [] }],
  ['paused everything', { ...none, kind: 'pause', scope: 'all', feeds: [] }],
  ['resumed brand 144', { ...none, kind: 'resume', scope: 'brand/144', feeds: [] }],
  ['paused newsroom', { ...none, kind: 'pause', scope: 'feed/newsroom', feeds: [] }],
  ['polled newsroom', { ...none, kind: 'poll' }],
  ['polled a and b', { ...none, kind: 'poll', feeds: ['a', 'b'], count: 2 }],
  ['deleted “A bridge” of newsroom', { kind: 'purge' }],
  ['deleted 12 entries of newsroom', { ...none, kind: 'purge', count: 12 }],
  ['deleted 0 entries of newsroom', { ...none, kind: 'purge', count: 0 }],
];

it.each(texts)('an activity reads "%s"', (words, given) => {
  const { verb, before, text, more } = activityText(anActivity(given));

  expect(`${verb} ${before}${text}${more}`).toBe(words);
});

it.each<[object, Partial<ActivityRow>]>([
  [{ kind: 'entry', key: 'entry-1' }, {}],
  [
    { kind: 'feed', id: 'newsroom' },
    { ...none, kind: 'poll' },
  ],
  [
    { kind: 'feed', id: 'newsroom' },
    { ...none, kind: 'pause', scope: 'feed/newsroom' },
  ],
  [{ kind: 'feed', id: 'newsroom' }, many],
  [{ kind: 'words' }, { ...many, feeds: ['a', 'b'] }],
  [{ kind: 'feed', id: 'newsroom' }, { kind: 'purge' }],
])('an activity links to %j', (about, given) => {
  expect(activityText(anActivity(given)).about).toEqual(about);
});
