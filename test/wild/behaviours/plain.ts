import type { Behaviour, Course } from '../behaviour.ts';

const courses: Record<string, Course> = {
  plain: {},
  'guid = link': { site: { guid: 'link' } },
  'no guid': { site: { guid: 'none' } },
  'busy: 100 a day, window 20': {
    site: { window: 20 },
    rate: 8,
    pollEveryHours: 2,
    polls: 40,
    history: 40,
  },
  'busy, with gaps (poll every 8 h)': {
    site: { window: 20 },
    rate: 33,
    pollEveryHours: 8,
    polls: 15,
    history: 60,
  },
  'feed of 1 item': { site: { window: 1 }, rate: 0.4 },
  'feed of 1 item, undated': { site: { window: 1, date: 'none' }, rate: 0.4 },
  'new blog, 1 post, window 10': { history: 1, rate: 0.2 },
};

/** Sites without irregularities. */
export const plain: Behaviour[] = Object.entries(courses).map(([name, course]) => ({
  group: 'plain',
  name,
  course,
}));
