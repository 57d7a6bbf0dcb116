import { type Behaviour, type Course, changeOne, deleteNewest, type Scene } from '../behaviour.ts';
import { hour, type Traits } from '../site.ts';

const kinds = ['day', 'midnight', 'none', 'build', 'constant'] as const;
const withDeletions = ['day', 'midnight', 'none', 'build'] as const;

const deletesNewest = (scene: Scene) => scene.chance(0.25) && deleteNewest(scene);
const datesByEdit =
  (rewrites: boolean) =>
  (scene: Scene): void => {
    if (!scene.chance(0.3)) return;
    changeOne(scene, (post) => {
      post.updated = scene.now;
      if (rewrites) post.text = scene.longText();
    });
  };

const slipsTwoHours = ({ poll, site }: Scene): void => {
  if (poll === 20) site.state.shiftMs = 2 * hour;
};

const kindOf = (date: Traits['date']): [string, Course] => [`dates: ${date}`, { site: { date } }];
const deletingOf = (date: Traits['date']): [string, Course] => [
  `dates: ${date}, newest deleted`,
  { rate: 0.15, site: { date }, act: deletesNewest },
];

const courses: Record<string, Course> = {
  ...Object.fromEntries([...kinds.map(kindOf), ...withDeletions.map(deletingOf)]),
  'dates move at each edit': { site: { date: 'updated' }, act: datesByEdit(true) },
  'same, no guid': { site: { date: 'updated', guid: 'none' }, act: datesByEdit(true) },
  'same, no guid, list by update': {
    site: { date: 'updated', guid: 'none', text: 'short' },
    act: datesByEdit(false),
  },
  'time zone slips by 2 h': { act: slipsTwoHours },
  'zone slips, session ids': { site: { session: true, guid: 'link' }, act: slipsTwoHours },
  'first undated, later dated': {
    site: { date: 'none' },
    act: ({ poll, site }) => {
      if (poll === 15) site.traits.date = 'time';
    },
  },
};

/** Sites whose dates are coarse, wrong or missing, or change. */
export const dates: Behaviour[] = Object.entries(courses).map(([name, course]) => ({
  group: 'dates',
  name,
  course,
}));
