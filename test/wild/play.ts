import { type Behaviour, type Course, type Scene, sceneOf } from './behaviour.ts';
import { type Random, randomOf } from './random.ts';
import { hour, type Listed, type Post, type Site, siteOf, type View } from './site.ts';
import { type Example, type Figures, judgeByTruth, type Logged, type Outcome } from './truth.ts';

/** The system under test: it receives documents and deliveries and returns their outcomes. */
export type Product = {
  poll: (
    feed: FeedView,
    response: { entries: Listed[]; brokenOffIn?: Listed },
    now: number,
  ) => Promise<Outcome[]>;
  deliver: (entry: Listed, now: number) => Promise<Outcome[]>;
  /** Broken promises, as text. */
  broken: () => string[];
};

export type FeedView = View & { id: string };

type ProductOptions = {
  feeds: FeedView[];
  webhook: boolean;
  seed: number;
  /** What an editor knows about a held entry. */
  isNews: (story: number) => boolean;
};

export type MakeProduct = (options: ProductOptions) => Product;

export type History = { figures: Figures; examples: Example[]; log: Logged[]; broken: string[] };

/** When the feed is added: 5 January 2026, 09:00 UTC. */
const addedAt = Date.UTC(2026, 0, 5, 9);

type Timing = { everyMs: number; polls: number; rate: number; history: number };

const timingOf = ({ pollEveryHours = 8, polls = 50, rate = 0.5, history = 14 }: Course): Timing => ({
  everyMs: pollEveryHours * hour,
  polls,
  rate,
  history,
});

const publishBefore = (site: Site, random: Random, { everyMs, rate, history }: Timing): void => {
  const gap = everyMs / rate;
  for (let i = history; i > 0; i--) site.publish(addedAt - i * gap - Math.floor(random() * gap * 0.5));
};

const howMany = (rate: number, random: Random): number => {
  if (rate >= 1) return Math.round(rate * (0.5 + random()));
  return random() < rate ? 1 : 0;
};

/** Publishes the posts due before a poll and returns them. */
const publishDue = (course: Course, scene: Scene, { everyMs, rate }: Timing): Post[] => {
  const { site, random, now } = scene;
  const before = site.posts.length;
  const due = howMany(rate, random);
  for (let i = 0; i < (scene.quiet ? 0 : due); i++) {
    if (course.publish) course.publish(scene);
    else site.publish(now - Math.floor(random() * everyMs * 0.9));
  }
  course.act?.(scene);
  return site.posts.slice(before);
};

/** An entry as sent by a content system, with its own ID. */
const deliveryOf = (
  { param, text, date }: NonNullable<Course['webhook']>,
  site: Site,
  post: Post,
  now: number,
): Listed | null => {
  const view = { window: Number.POSITIVE_INFINITY, ...(param && { param }) };
  const entry = site.render(now + 2, view).find(({ story }) => story === post.story);
  if (!entry) return null;
  return {
    ...entry,
    guid: `cms-${post.story}`,
    ...(text && { text: text() }),
    ...(date && { date: date(post, now) }),
  };
};

/** Plays one history of a behaviour; the seed determines everything random. */
export const play = async (
  behaviour: Behaviour,
  seed: number,
  makeProduct: MakeProduct,
): Promise<History> => {
  const random = randomOf(seed * 2654435761 + 17);
  const course = behaviour.mixture ? behaviour.mixture(random) : behaviour.course;
  const timing = timingOf(course);
  const site = siteOf(course.site ?? {}, random);
  publishBefore(site, random, timing);
  const isNews = (story: number): boolean => {
    const post = site.posts[story - 1];
    return post !== undefined && post.bornAt > addedAt && !post.notNews;
  };
  const feeds = (course.feeds ?? [{}]).map((view, i): FeedView => ({ id: `f${i}`, ...view }));
  const product = makeProduct({ feeds, webhook: course.webhook !== undefined, seed, isNews });
  const scene = sceneOf(site, random, addedAt);
  course.begin?.(scene);

  const log: Logged[] = [];
  const listed = new Set<number>();
  const note = (via: string, outcomes: Outcome[]) =>
    log.push(...outcomes.map((one) => ({ ...one, poll: scene.poll, via })));

  const deliver = async (posts: { post: Post; at: number }[]): Promise<void> => {
    for (const { post, at } of posts) {
      const entry = course.webhook && deliveryOf(course.webhook, site, post, at);
      if (!entry) continue;
      note('webhook', await product.deliver(entry, at));
      listed.add(post.story);
    }
  };

  for (let poll = 0; poll < timing.polls; poll++) {
    const now = addedAt + poll * timing.everyMs + scene.jumpMs;
    Object.assign(scene, { poll, now });
    const published = poll > 0 ? publishDue(course, scene, timing) : [];
    const hooks = (course.webhook ? published : [])
      .filter(({ noHook }) => !noHook)
      .map((post) => ({ post, at: now + (random() < 0.5 ? -1 : 1) }));

    await deliver(hooks.filter(({ at }) => at <= now));
    for (const feed of feeds) {
      if (feed.from !== undefined && poll < feed.from) continue;
      const entries = site.render(now, feed);
      const response = course.response?.(scene, entries) ?? { entries };
      note(feed.id, await product.poll(feed, response, now));
      for (const { story } of response.entries) listed.add(story);
    }
    await deliver(hooks.filter(({ at }) => at > now));
  }
  return { ...judgeByTruth(site.posts, log, { listed, addedAt }), log, broken: product.broken() };
};
