import {
  type Behaviour,
  type Course,
  changeOne,
  dateByBuild,
  deleteNewest,
  edits,
  importOld,
  type Scene,
} from '../behaviour.ts';
import { oneOf, type Random } from '../random.ts';
import { day, hour, type Traits, type View } from '../site.ts';

type Act = (scene: Scene) => void;

const traitsOf = (random: Random, repeatsItself: boolean): Partial<Traits> => {
  const drawn = {
    guid: oneOf(random, ['opaque', 'opaque', 'link', 'none'] as const),
    date: oneOf(random, ['time', 'time', 'time', 'time', 'day', 'midnight', 'none', 'updated'] as const),
    window: oneOf(random, [3, 10, 10, 20]),
    title: oneOf(random, ['unique', 'unique', 'unique', 'some', 'weekly'] as const),
    text: oneOf(random, ['long', 'long', 'short', 'boiler'] as const),
    link: oneOf(random, ['slug', 'slug', 'slug', 'query', 'query2'] as const),
    session: random() < 0.08,
    twice: random() < 0.04,
    sort: random() < 0.1 ? ('born' as const) : ('date' as const),
  };
  if (repeatsItself) return drawn;
  return {
    ...drawn,
    title: random() < 0.15 ? 'some' : 'unique',
    text: random() < 0.2 ? 'short' : 'long',
  };
};

/** Applies a change before a poll with this probability. */
const changes =
  (probability: number, change: (scene: Scene) => void): Act =>
  (scene) => {
    if (scene.chance(probability)) change(scene);
  };

const atPoll =
  (poll: number, change: (scene: Scene) => void): Act =>
  (scene) => {
    if (scene.poll === poll) change(scene);
  };

const rebuild: Act = (scene) => {
  scene.site.state.linkEra = 'new/';
  scene.site.state.guidEra = 'n-';
  dateByBuild(scene);
};

/** What a site may do besides publishing, and the share of sites that do. */
const habits: readonly [share: number, act: Act][] = [
  [0.4, changes(0.1, (scene) => changeOne(scene, edits.title))],
  [0.3, changes(0.1, (scene) => changeOne(scene, edits.text))],
  [0.2, changes(0.1, (scene) => changeOne(scene, edits.slug))],
  [
    0.2,
    changes(0.1, (scene) =>
      changeOne(scene, (post) => {
        post.updated = scene.now;
        edits.text(post, scene);
      }),
    ),
  ],
  [
    0.15,
    changes(0.1, (scene) =>
      changeOne(scene, (post) => {
        edits.slug(post, scene);
        edits.date(post, scene);
      }),
    ),
  ],
  [0.3, changes(0.12, deleteNewest)],
  [
    0.2,
    changes(0.05, ({ site, pick }) => {
      site.traits.window = pick([3, 6, 10, 15, 20]);
    }),
  ],
  [
    0.1,
    atPoll(20, ({ site }) => {
      site.traits.host = 'https://new.example.com';
    }),
  ],
  [
    0.1,
    atPoll(25, ({ site }) => {
      site.state.linkEra = '2026/';
    }),
  ],
  [
    0.1,
    atPoll(22, ({ site }) => {
      site.state.shiftMs = 2 * hour;
    }),
  ],
  [0.1, atPoll(30, (scene) => importOld(scene, 3, 900))],
  [0.08, atPoll(28, rebuild)],
];

const secondFeeds: View[] = [
  {},
  { param: 'source=rss' },
  { param: 'zz=9' },
  { typography: true, suffix: 'Example' },
  { excerpt: true, window: 15 },
];

/** How long before it appears a post is dated. */
const backDated = ({ chance, random }: Scene, begunEarlier: boolean, daysOff: boolean): number => {
  if (begunEarlier && chance(0.1)) return (1 + random() * 7) * 7 * day;
  return daysOff && chance(0.2) ? random() * 3 * day : random() * 3 * hour;
};

const pinOldest: Act = ({ site }) => {
  const [oldest] = site.posts;
  if (!oldest) return;
  oldest.pinned = true;
  oldest.date -= 900 * day;
};

/** A site with randomly drawn habits, server and editors. */
const mixture =
  (repeatsItself: boolean) =>
  (random: Random): Course => {
    const site = traitsOf(random, repeatsItself);
    const acts = habits.filter(([share]) => random() < share).map(([, act]) => act);
    const daysOff = random() < 0.3;
    const begunEarlier = random() < 0.15;
    const failsNowAndThen = random() < 0.15;
    const firstIsEmpty = random() < 0.08;
    const pins = random() < 0.1;
    const hasSecond = random() < 0.35;
    const second = oneOf(random, secondFeeds);
    const rate = oneOf(random, [0.2, 0.5, 0.5, 1, 2]);
    const hasWebhook = random() < 0.2;
    const param = oneOf(random, [undefined, 'source=zapier', 'zz=9']);
    return {
      site,
      rate,
      feeds: hasSecond ? [{}, second] : [{}],
      ...(hasWebhook && { webhook: param === undefined ? {} : { param } }),
      begin: (scene) => pins && pinOldest(scene),
      publish: (scene) => {
        const bornAt = scene.now - Math.floor(scene.random() * hour);
        scene.site.publish(bornAt, { date: scene.now - backDated(scene, begunEarlier, daysOff) });
      },
      response: ({ poll, chance }, entries) => {
        if (poll === 0) return { entries: firstIsEmpty ? [] : entries };
        if (!failsNowAndThen) return { entries };
        if (chance(0.08)) return { entries: [] };
        return { entries: chance(0.08) ? entries.slice(0, 2) : entries };
      },
      act: (scene) => {
        for (const act of acts) act(scene);
      },
    };
  };

/** Realistic sites that combine several of these behaviours. */
export const mixed: Behaviour[] = [
  { group: 'mixed', name: 'mixed: ordinary sites', mixture: mixture(false) },
  { group: 'mixed', name: 'mixed: with repeated titles and summaries', mixture: mixture(true) },
];
