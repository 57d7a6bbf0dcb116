import type { Random } from './random.ts';
import { oneOf } from './random.ts';
import { day, type Listed, longText, minute, type Post, type Site, type Traits, type View } from './site.ts';

/** What a behaviour can read and change during its history. Times are epoch milliseconds. */
export type Scene = {
  site: Site;
  random: Random;
  /** True with this probability, from 0 to 1. */
  chance: (probability: number) => boolean;
  pick: <T>(list: readonly T[]) => T;
  longText: () => string;
  /** The number of the poll, from 0, and its time. */
  poll: number;
  now: number;
  /** How far later polls are delayed. */
  jumpMs: number;
  /** Nothing is published. */
  quiet: boolean;
  /** The date of a post that a second one will share. */
  dueDate: number | null;
};

/** A server's response. `brokenOffIn`: the document ends in the middle of this entry. */
export type Response = { entries: Listed[]; brokenOffIn?: Listed };

/** One way in which a site may behave, as a history of polls. */
export type Course = {
  site?: Partial<Traits>;
  pollEveryHours?: number;
  polls?: number;
  /** Posts published per poll. */
  rate?: number;
  /** Posts that exist before the first poll. */
  history?: number;
  feeds?: View[];
  /** The site also sends a webhook for each new post, to the first feed. */
  webhook?: { param?: string; text?: () => string; date?: (post: Post, now: number) => number };
  begin?: (scene: Scene) => void;
  /** How the next post is published, if not in the ordinary way. */
  publish?: (scene: Scene) => void;
  /** Other changes before each poll except the first. */
  act?: (scene: Scene) => void;
  /** How a document is changed in transit. */
  response?: (scene: Scene, entries: Listed[]) => Response;
};

/** `mixture`: each history draws its own course; ten times as many histories are played. */
export type Behaviour = { group: string; name: string } & (
  | { course: Course; mixture?: undefined }
  | { mixture: (random: Random) => Course }
);

export const sceneOf = (site: Site, random: Random, now: number): Scene => ({
  site,
  random,
  chance: (probability) => random() < probability,
  pick: (list) => oneOf(random, list),
  longText: () => longText(`x${random()}`, random),
  poll: 0,
  now,
  jumpMs: 0,
  quiet: false,
  dueDate: null,
});

const newestFirst = (posts: Post[]): Post[] => posts.sort((a, b) => b.date - a.date);

/** Unpublishes the newest post that is not pinned. */
export const deleteNewest = ({ site, now }: Scene): void => {
  const [newest] = newestFirst(site.visible().filter(({ pinned, bornAt }) => !pinned && bornAt <= now));
  if (newest) newest.deleted = true;
};

/** Changes one of the ten newest posts. */
export const changeOne = (scene: Scene, change: (post: Post, scene: Scene) => void): void => {
  const { site, now, pick } = scene;
  const recent = newestFirst(site.visible().filter(({ bornAt }) => bornAt <= now)).slice(0, 10);
  if (recent.length > 0) change(pick(recent), scene);
};

/** How an editor changes a post, by name. */
export const edits: Record<'title' | 'slug' | 'text' | 'date', (post: Post, scene: Scene) => void> = {
  title: (post) => {
    post.title = `Edited ${post.title}`;
  },
  slug: (post) => {
    post.slug += '-2';
  },
  text: (post, scene) => {
    post.text = scene.longText();
  },
  date: (post, { now }) => {
    post.date = Math.max(post.date, now - 30 * minute);
  },
};

/** Posts that appear at once, dated between a month and years ago. */
export const importOld = ({ site, random, now }: Scene, posts: number, withinDays: number): void => {
  for (let i = 0; i < posts; i++)
    site.publish(now, { date: now - (31 + random() * withinDays) * day, notNews: true });
};

/** Publishes a post; one in five is dated when its draft was begun, one to eight weeks ago. */
export const publishBegunEarlier = ({ site, chance, random, now }: Scene): void => {
  const begunMs = chance(0.2) ? (1 + random() * 7) * 7 * day : 0;
  site.publish(now, { date: now - begunMs });
};

/** Rebuilds the site: every post gets the build date, a few seconds apart. */
export const dateByBuild = ({ site, now }: Scene): void => {
  for (const post of site.visible()) post.date = now - 60 * minute + (post.story % 50) * 1000;
};
