import { type Behaviour, type Course, dateByBuild, type Scene } from '../behaviour.ts';
import { nowAndThenLess } from './window.ts';

const oldHost = 'https://www.example.org';
const bareHost = 'https://example.org';

const at20 =
  (change: (scene: Scene) => void) =>
  (scene: Scene): void => {
    if (scene.poll === 20) change(scene);
  };

const movesTo = (host: string) =>
  at20(({ site }) => {
    site.traits.host = host;
  });

const newPermalinks = ({ site }: Scene): void => {
  site.state.linkEra = '2026/';
};

const newTemplate = ({ site }: Scene): void => {
  for (const post of site.visible()) post.text = `Read on: ${post.text}`;
};

const together =
  (...changes: ((scene: Scene) => void)[]) =>
  (scene: Scene): void => {
    for (const change of changes) change(scene);
  };

const sessions = { guid: 'link', session: true } as const;

const courses: Record<string, Course> = {
  'new domain': { site: { guid: 'link' }, act: movesTo('https://new.example.com') },
  'www dropped, window 4': { site: { guid: 'link', window: 4 }, act: movesTo(bareHost) },
  'alternates www': {
    site: { guid: 'link', window: 4 },
    act: ({ site, chance }) => {
      site.traits.host = chance(0.5) ? bareHost : oldHost;
    },
  },
  permalinks: { site: { guid: 'link' }, act: at20(newPermalinks) },
  'permalinks, window 3': { site: { guid: 'link', window: 3 }, act: at20(newPermalinks) },
  'permalinks + dates by day': { site: { guid: 'link', date: 'day' }, act: at20(newPermalinks) },
  'permalinks, undated': { site: { guid: 'link', date: 'none' }, act: at20(newPermalinks) },
  'rebuilt: guid, link, build dates': {
    site: { guid: 'link' },
    act: at20(together(newPermalinks, dateByBuild)),
  },
  'rebuilt: same, texts differ too': {
    site: { guid: 'link' },
    act: at20(together(newPermalinks, newTemplate, dateByBuild)),
  },
  'permalinks + texts differ (template)': {
    site: { guid: 'link' },
    act: at20(together(newPermalinks, newTemplate)),
  },
  'session ids in guid and link': { site: sessions },
  'session ids, window 3': { site: { ...sessions, window: 3 } },
  'session ids, undated': { site: { ...sessions, date: 'none' } },
  'session ids, undated, short texts': { site: { ...sessions, date: 'none', text: 'short' } },
  'session ids, build dates': { site: { ...sessions, date: 'build' } },
  'session ids, no titles': { site: { ...sessions, title: 'empty' } },
  'session ids, empty or cut now and then': {
    site: sessions,
    response: (scene, entries) => nowAndThenLess(scene, entries, 3, 0.1),
  },
};

/** Sites that move, are rebuilt, or change their links in each response. */
export const moves: Behaviour[] = Object.entries(courses).map(([name, course]) => ({
  group: 'moves',
  name,
  course,
}));
