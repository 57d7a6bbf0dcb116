import { type Behaviour, type Course, changeOne, edits } from '../behaviour.ts';
import type { Post, View } from '../site.ts';
import { publishOffer } from './repeats.ts';

const and = (second: View, course: Course = {}): Course => ({ feeds: [{}, second], ...course });

const even = ({ story }: Post) => story % 2 === 0;
const halves: View[] = [{ filter: even }, { filter: (post) => !even(post) }];

const courses: Record<string, Course> = {
  'two feeds, none': and({}),
  'two feeds, ?source=rss': and({ param: 'source=rss' }),
  'two feeds, ?unknown=x': and({ param: 'zz=9' }),
  'two feeds, ?unknown, day dates': and({ param: 'zz=9' }, { site: { date: 'day' } }),
  'two feeds, ?unknown, undated': and({ param: 'zz=9' }, { site: { date: 'none' } }),
  'two feeds, nbsp and "| Site"': and({ typography: true, suffix: 'Example' }),
  'two feeds, excerpt in one, edits of title': and(
    { excerpt: true },
    { act: (scene) => scene.chance(0.2) && changeOne(scene, edits.title) },
  ),
  'two feeds, recurring offer': and({ param: 'source=rss' }, { publish: publishOffer, rate: 0.3 }),
  'two feeds, recurring offer, window 1': and(
    { param: 'source=rss', excerpt: true },
    { site: { window: 1 }, publish: publishOffer, rate: 0.3 },
  ),
  'two feeds, weekly title': and({ param: 'source=rss' }, { site: { title: 'weekly' } }),
  'two feeds, "Sale", /news/article?id=': and(
    { param: 'source=rss', filter: even },
    { site: { title: 'short', link: 'query2' } },
  ),
  'two feeds of different halves, "Sale", query2': {
    feeds: halves,
    site: { title: 'short', link: 'query2', text: 'short' },
    rate: 1,
  },
  'two feeds, one added later': and({ from: 20, param: 'source=rss', window: 25 }),
  'two halves, some titles equal, ?id=, window 3': {
    feeds: halves,
    site: { title: 'some', link: 'query2', window: 3 },
    rate: 0.8,
  },
};

/** Two feeds of one site, drafted for the same brand. */
export const brand: Behaviour[] = Object.entries(courses).map(([name, course]) => ({
  group: 'brand',
  name,
  course,
}));
