import {
  type Behaviour,
  type Course,
  changeOne,
  edits,
  importOld,
  publishBegunEarlier,
} from '../behaviour.ts';
import { publishOffer } from './repeats.ts';

const otherText =
  'Something else that the editor has sent by hand, long enough to count as a text of its own, surely.';

const courses: Record<string, Course> = {
  'feed + webhook': { webhook: {} },
  '... ?source=zapier': { webhook: { param: 'source=zapier' } },
  '... ?unknown': { webhook: { param: 'zz=9' } },
  '... ?unknown, other text, other date': {
    webhook: { param: 'zz=9', text: () => otherText, date: (_, now) => now },
  },
  '... recurring offer': { webhook: {}, publish: publishOffer, rate: 0.3 },
  '... recurring offer, window 1': {
    webhook: {},
    site: { window: 1 },
    publish: publishOffer,
    rate: 0.3,
  },
  '... recurring offer, hook misses half': {
    webhook: {},
    site: { window: 1 },
    rate: 0.3,
    publish: ({ site, chance, now }) => {
      site.publish(now, { slug: 'deal', title: 'Deal of the week', noHook: chance(0.5) });
    },
  },
  '... edits of title between': {
    webhook: {},
    act: (scene) => scene.chance(0.3) && changeOne(scene, edits.title),
  },
  '... import of 5 old posts': {
    webhook: {},
    act: (scene) => scene.poll === 25 && importOld(scene, 5, 900),
  },
  '... dated when begun (1-8 weeks)': { webhook: {}, publish: publishBegunEarlier },
};

/** A feed and a webhook of one site; either may report a post first. */
export const webhook: Behaviour[] = Object.entries(courses).map(([name, course]) => ({
  group: 'webhook',
  name,
  course,
}));
