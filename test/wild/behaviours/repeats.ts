import { type Behaviour, type Course, deleteNewest, type Scene } from '../behaviour.ts';
import { boilerplate, hour, minute, type Traits } from '../site.ts';

/** Publishes a new offer under the same address and title as the others. */
export const publishOffer = ({ site, now }: Scene): void => {
  site.publish(now, { slug: 'deal', title: 'Deal of the week' });
};

const offer = (site: Partial<Traits> = {}): Course => ({ site, rate: 0.3, publish: publishOffer });

const publishBriefings = ({ site, chance, random, now }: Scene): void => {
  const isBriefing = chance(0.1);
  const bornAt = now - Math.floor(random() * 3 * hour);
  site.publish(bornAt, isBriefing ? { title: 'Morning briefing', text: boilerplate } : {});
};

const warning = 'Weather warning';

const publishTwoAtOnce = ({ site, chance, now }: Scene): void => {
  const facts = { date: now - 5 * minute, title: warning };
  site.publish(now, facts);
  if (chance(0.5)) site.publish(now, facts);
};

/** Two warnings in the same minute, the second listed one poll later. */
const publishSecondLater = (scene: Scene): void => {
  const { site, now, dueDate } = scene;
  const date = dueDate ?? Math.floor((now - 5 * minute) / minute) * minute;
  scene.dueDate = dueDate === null ? date : null;
  site.publish(now, { date, title: warning });
};

const courses: Record<string, Course> = {
  'recurring offer (title, link), window 1': offer({ window: 1 }),
  'recurring offer, window 10': offer(),
  'recurring offer, boilerplate text': offer({ text: 'boiler' }),
  'recurring offer, boilerplate text, window 1': offer({ text: 'boiler', window: 1 }),
  'weekly title, same summary, ?id=, window 1': {
    site: { title: 'weekly', text: 'boiler', window: 1, link: 'query2' },
  },
  'recurring offer, no guid, window 1': offer({ window: 1, guid: 'none' }),
  'recurring offer, no guid, window 10': offer({ guid: 'none' }),
  'recurring offer, undated, window 1': offer({ window: 1, date: 'none' }),
  'recurring offer, undated, short text, w 1': offer({ window: 1, date: 'none', text: 'short' }),
  'status page: one link, guids': { site: { link: 'shared' } },
  'status page: one link, no guids': { site: { link: 'shared', guid: 'none' } },
  'root link, no guids, window 3': { site: { link: 'root', guid: 'none', window: 3 } },
  'weekly title': { site: { title: 'weekly' } },
  'weekly title, same summary': { site: { title: 'weekly', text: 'boiler' } },
  'weekly title, same summary, window 1': { site: { title: 'weekly', text: 'boiler', window: 1 } },
  'daily item of a busy feed, same summary': {
    site: { window: 10 },
    rate: 6,
    pollEveryHours: 4,
    polls: 40,
    publish: publishBriefings,
  },
  'two daily series, same summaries, window 2': {
    site: { title: 'two', text: 'boiler', window: 2 },
    rate: 1,
  },
  'weekly title, same summary, undated': { site: { title: 'weekly', text: 'boiler', date: 'none' } },
  'weekly title, no text, undated': { site: { title: 'weekly', text: 'none', date: 'none' } },
  'title "Sale"': { site: { title: 'short' } },
  'title "Sale", day dates': { site: { title: 'short', date: 'day' }, rate: 1 },
  'title "Sale", midnight dates': { site: { title: 'short', date: 'midnight' }, rate: 1 },
  'title "Sale", /article?id=': { site: { title: 'short', link: 'query' } },
  'title "Sale", /news/article?id=': { site: { title: 'short', link: 'query2' } },
  '/news/article?id=, "Sale", no text, undated': {
    site: { title: 'short', link: 'query2', text: 'none', date: 'none' },
  },
  'two of one title in one minute, one poll': { publish: publishTwoAtOnce },
  'the same, second one poll later': { publish: publishSecondLater },
  'the same in a busy feed, window 5': { site: { window: 5 }, rate: 0.9, publish: publishSecondLater },
  'microblog, no titles': { site: { title: 'empty', text: 'micro' } },
  'microblog, day dates': { site: { title: 'empty', text: 'micro', date: 'day' }, rate: 1 },
  'microblog, one link, no guid': { site: { title: 'empty', text: 'micro', guid: 'none', link: 'shared' } },
  'some titles equal, /news/article?id=, window 3': {
    site: { title: 'some', link: 'query2', window: 3, text: 'short' },
    rate: 0.8,
  },
  'some titles equal, newest deleted': {
    rate: 0.15,
    site: { title: 'some' },
    act: (scene) => scene.chance(0.25) && deleteNewest(scene),
  },
  'one story listed twice under two guids': { site: { twice: true } },
};

/** Sites whose posts resemble each other but are different stories. */
export const repeats: Behaviour[] = Object.entries(courses).map(([name, course]) => ({
  group: 'repeats',
  name,
  course,
}));
