import {
  type Behaviour,
  type Course,
  changeOne,
  importOld,
  publishBegunEarlier,
  type Scene,
} from '../behaviour.ts';
import { day } from '../site.ts';

/** Three posts in ten are dated up to five days off. */
const publishDaysOff =
  (direction: -1 | 1) =>
  ({ site, chance, random, now }: Scene): void => {
    const offMs = chance(0.3) ? random() * 5 * day : 0;
    site.publish(now, { date: now + direction * offMs });
  };

const importsFive =
  (withinDays: number) =>
  (scene: Scene): void => {
    if (scene.poll === 25) importOld(scene, 5, withinDays);
  };

/** Publishes an old post again as a new one. */
const repeats =
  (prefix: string) =>
  (scene: Scene): void => {
    const { site, now, poll, chance } = scene;
    if (poll <= 4 || !chance(0.2)) return;
    changeOne(scene, ({ title, text }) => {
      site.publish(now, { title: prefix + title, text });
    });
  };

const courses: Record<string, Course> = {
  'back-dated by hours to 5 days': { publish: publishDaysOff(-1) },
  'dated when begun (1-8 weeks), by date': { publish: publishBegunEarlier },
  'same, slow blog (1 a week)': { rate: 0.4, pollEveryHours: 72, polls: 60, publish: publishBegunEarlier },
  'same, listed by publication': { site: { sort: 'born' }, publish: publishBegunEarlier },
  'scheduled ahead (future dates)': { publish: publishDaysOff(1) },
  'import of 5 old posts': { act: importsFive(900) },
  'import, slow blog (1 a month)': { rate: 0.25, pollEveryHours: 168, polls: 60, act: importsFive(300) },
  'import, listed by import': { site: { sort: 'born' }, act: importsFive(900) },
  'podcast repeats its archive: new guid, date': { act: repeats('') },
  'repeats with "Repeat:" in the title': { act: repeats('Repeat: ') },
};

/** Posts dated at another time than they appeared. */
export const late: Behaviour[] = Object.entries(courses).map(([name, course]) => ({
  group: 'late',
  name,
  course,
}));
