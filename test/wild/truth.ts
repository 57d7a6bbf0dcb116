import type { Post } from './site.ts';

/** The product's result for an entry: a new row, or a row that became a draft by another feed. */
export type Outcome = { story: number; state: 'queued' | 'held' | 'baselined'; code: string };

/** An outcome with its position in the history. */
export type Logged = Outcome & { poll: number; via: string };

export const figureNames = ['stories', 'double', 'old', 'silent', 'listed', 'heldNews', 'heldAgain'] as const;
/**
 * `stories`: posts that were news and were listed at a poll. `double`: drafts beyond the first of a story.
 * `old`: drafts of posts that were not news. News without a draft: `silent` without a row of its own,
 * `listed` with a row that gives the reason, `heldNews` if held. `heldAgain`: held rows beyond the first of a
 * story.
 */
export type Figures = Record<(typeof figureNames)[number], number>;

export const noFigures = (): Figures => ({
  stories: 0,
  double: 0,
  old: 0,
  silent: 0,
  listed: 0,
  heldNews: 0,
  heldAgain: 0,
});

export const addFigures = (a: Figures, b: Figures): Figures => {
  const sum = noFigures();
  for (const name of figureNames) sum[name] = a[name] + b[name];
  return sum;
};

export const sumOf = (figures: readonly Figures[]): Figures => figures.reduce(addFigures, noFigures());

/** What a user would call wrong: drafted twice, old, or missing without a reason. */
export const wrongOf = ({ double, old, silent }: Figures): number => double + old + silent;

/** Everything that was not exactly one draft although it should be, or was although it should not be. */
export const notRightOf = (figures: Figures): number => wrongOf(figures) + figures.listed + figures.heldNews;

/** A story with a wrong outcome, as text. */
export type Example = { kind: 'double' | 'old' | 'silent' | 'listed' | 'held'; text: string };

const describeStory = ({ story, title }: Post, log: Logged[]): string => {
  const moments = log.map(({ poll, via, state, code }) => `poll ${poll} ${via}: ${state} ${code}`);
  return `story ${story} "${title}": ${moments.join(', ') || 'no row of its own'}`;
};

/** `listed`: the stories that appeared in a document or a delivery. */
export const judgeByTruth = (
  posts: Post[],
  log: Logged[],
  { listed, addedAt }: { listed: ReadonlySet<number>; addedAt: number },
): { figures: Figures; examples: Example[] } => {
  const figures = noFigures();
  const examples: Example[] = [];
  const byStory = Map.groupBy(log, ({ story }) => story);
  for (const post of posts) {
    if (!listed.has(post.story)) continue;
    const own = byStory.get(post.story) ?? [];
    const count = (state: Outcome['state']) => own.filter((one) => one.state === state).length;
    const [drafts, held, baselined] = [count('queued'), count('held'), count('baselined')];
    const isNews = post.bornAt > addedAt && !post.notNews;
    const note = (kind: Example['kind']) => examples.push({ kind, text: describeStory(post, own) });

    if (isNews) figures.stories += 1;
    figures.heldAgain += Math.max(0, held - 1);
    if (!isNews && drafts > 0) {
      figures.old += drafts;
      note('old');
    } else if (drafts > 1) {
      figures.double += drafts - 1;
      note('double');
    }
    if (!isNews || drafts > 0) continue;
    if (held > 0) {
      figures.heldNews += 1;
      note('held');
    } else if (baselined > 0) {
      figures.listed += 1;
      note('listed');
    } else {
      figures.silent += 1;
      note('silent');
    }
  }
  return { figures, examples };
};
