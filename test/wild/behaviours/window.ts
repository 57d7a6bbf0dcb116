import { type Behaviour, type Course, deleteNewest, type Response, type Scene } from '../behaviour.ts';
import { day, type Listed } from '../site.ts';

const deletesNewest = (scene: Scene) => scene.chance(0.25) && deleteNewest(scene);

/** The oldest post is pinned and dated years away. */
const pinOldest =
  (days: number) =>
  ({ site }: Scene): void => {
    const [oldest] = site.posts;
    if (!oldest) return;
    oldest.pinned = true;
    oldest.date += days * day;
  };

const grows =
  (atPoll: number, to: number) =>
  ({ poll, site }: Scene): void => {
    if (poll === atPoll) site.traits.window = to;
  };

const firstCut = ({ poll }: Scene, entries: Listed[]): Response => {
  const [brokenOffIn] = entries.slice(4);
  return poll === 0 && brokenOffIn ? { entries: entries.slice(0, 4), brokenOffIn } : { entries };
};

/** A server whose list is empty or short, each with this probability. */
export const nowAndThenLess = ({ poll, chance }: Scene, entries: Listed[], top: number, each: number) => {
  if (poll === 0) return { entries };
  if (chance(each)) return { entries: [] };
  return { entries: chance(each) ? entries.slice(0, top) : entries };
};

/** Twenty polls three weeks apart bring nothing; then the newest post is deleted. */
const silence = (scene: Scene): void => {
  const { poll, site } = scene;
  if (poll === 20) scene.quiet = true;
  if (poll > 20 && poll < 40) scene.jumpMs += 21 * day;
  const [newest] = site.visible().sort((a, b) => b.date - a.date);
  if (poll === 42 && newest) newest.deleted = true;
  if (poll === 45) scene.quiet = false;
};

const courses: Record<string, Course> = {
  'newest deleted': { rate: 0.15, act: deletesNewest },
  'window 4, newest deleted': { rate: 0.15, site: { window: 4 }, act: deletesNewest },
  'window grows 10 to 15 at once': { act: grows(3, 15) },
  'window grows 4 to 30 later': { site: { window: 4 }, history: 40, act: grows(30, 30) },
  'pinned ancient, newest deleted': {
    rate: 0.15,
    begin: pinOldest(-900),
    act: (scene) => scene.poll > 1 && deletesNewest(scene),
  },
  'pinned ancient, window grows': { begin: pinOldest(-900), history: 25, act: grows(3, 20) },
  'pinned in the far future': { rate: 0.15, begin: pinOldest(900), act: deletesNewest },
  'old post is pinned later': {
    history: 40,
    act: ({ poll, site }) => {
      const post = site.posts[2];
      if (poll === 20 && post) post.pinned = true;
    },
  },
  'first poll empty': { response: ({ poll }, entries) => ({ entries: poll === 0 ? [] : entries }) },
  'first poll cut': { response: firstCut },
  'first poll cut, undated': { site: { date: 'none' }, response: firstCut },
  'now and then empty or cut': { response: (scene, entries) => nowAndThenLess(scene, entries, 3, 0.1) },
  'silence of 420 days, newest deleted': { site: { window: 6 }, polls: 60, act: silence },
  'not polled for 90 days': {
    site: { window: 6 },
    polls: 50,
    act: (scene) => {
      if (scene.poll === 20) scene.jumpMs = 90 * day;
    },
  },
};

/** Windows that shrink, grow, pin posts, are truncated, or do not change. */
export const window: Behaviour[] = Object.entries(courses).map(([name, course]) => ({
  group: 'window',
  name,
  course,
}));
