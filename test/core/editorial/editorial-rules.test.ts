import { describe, expect, it } from 'vitest';
import { noEditorial, type Rules } from '../../../lib/core/editorial/editorial.ts';
import { ruleOut } from '../../../lib/core/editorial/editorial-rules.ts';
import { applyFilters } from '../../../lib/core/entries/candidate.ts';
import type { Entry } from '../../../lib/core/entries/entry.ts';
import type { Verdict } from '../../../lib/core/ledger/entry-state.ts';
import { candidateOf } from '../../support/candidates.ts';
import { entryOf, postOf } from '../../support/entries.ts';

const now = Date.UTC(2026, 10, 22, 12);
const day = 86_400_000;

type Given = { only?: Partial<Rules['only']>; skip?: Partial<Rules['skip']> };
const rulesOf = ({ only, skip }: Given): Rules => ({
  only: { ...noEditorial.rules.only, ...only },
  skip: { ...noEditorial.rules.skip, ...skip },
});

const entry = entryOf({
  title: 'A new Launch',
  summary: 'Our spring drop',
  content: 'It is sponsored.',
  author: 'The Newsdesk',
  categories: ['Products', 'Spring news'],
  published: '2026-11-01T00:00:00.000Z',
});

describe('the rules', () => {
  it.each([
    ['no rules', {}, null],
    ['one of several keywords', { only: { keywords: ['drops', 'launch'] } }, null],
    ['a keyword in the summary', { only: { keywords: ['drop'] } }, null],
    [
      'no keyword',
      { only: { keywords: ['recall', 'sale'] } },
      'rule.only-keywords only.keywords: none of "recall", "sale" is in title, summary or content',
    ],
    ['a category in another case', { only: { categories: ['products'] } }, null],
    [
      'part of a category',
      { only: { categories: ['Spring'] } },
      'rule.only-categories only.categories: it has none of the categories "Spring"',
    ],
    ['a recent date', { only: { newerThanMs: 30 * day } }, null],
    [
      'a date too old',
      { only: { newerThanMs: 7 * day } },
      'rule.only-newer-than only.newer_than: it is 21 d old, and the limit is 7 d',
    ],
    [
      'a skipped keyword',
      { skip: { keywords: ['sponsored'] } },
      'rule.skip-keywords skip.keywords: "sponsored" is in the content',
    ],
    [
      'a skipped category',
      { skip: { categories: ['spring news'] } },
      'rule.skip-categories skip.categories: it has the category "spring news"',
    ],
    [
      'a skipped author',
      { skip: { authors: ['newsdesk'] } },
      'rule.skip-authors skip.authors: it is by "newsdesk"',
    ],
    [
      'both included and skipped',
      { only: { keywords: ['launch'] }, skip: { categories: ['Products'] } },
      'rule.skip-categories skip.categories: it has the category "Products"',
    ],
    [
      'one matching and one other setting',
      { only: { keywords: ['launch'], categories: ['Jobs'] } },
      'rule.only-categories only.categories: it has none of the categories "Jobs"',
    ],
  ] as [string, Given, string | null][])('decide on %s', (_, given, why) => {
    const ruled = ruleOut(entry, rulesOf(given), now);

    expect(ruled && `${ruled.code} ${ruled.detail}`).toBe(why);
  });

  it('never count an entry without a date as too old, and use its last change', () => {
    const rules = rulesOf({ only: { newerThanMs: 7 * day } });

    expect(ruleOut(entryOf({ title: 'x' }), rules, now)).toBeNull();
    expect(ruleOut(entryOf({ updated: '2026-11-01T00:00:00Z' }), rules, now)?.code).toBe(
      'rule.only-newer-than',
    );
  });

  it('leave out an entry without text to search', () => {
    expect(ruleOut(entryOf(), rulesOf({ only: { keywords: ['launch'] } }), now)?.state).toBe('filtered');
  });
});

describe('a candidate', () => {
  const arrive = (verdict: Verdict, given: Partial<Entry> = {}): Verdict => {
    const rules = rulesOf({ skip: { keywords: ['sponsored'] } });
    const come = { ...entry, ...given };
    const ruledOut = ruleOut(come, rules, now);
    return applyFilters(candidateOf(come, { ruledOut, verdict, post: postOf('x') })).verdict;
  };

  it.each([
    [{ state: 'queued', code: 'entry.new' }, 'filtered'],
    [{ state: 'held', code: 'caption.empty' }, 'filtered'],
    [{ state: 'baselined', code: 'entry.existing' }, 'baselined'],
  ] as [Verdict, string][])('decided as %j becomes %s', (verdict, state) => {
    expect(arrive(verdict).state).toBe(state);
  });

  it('that passes the rules keeps its decision', () => {
    const verdict: Verdict = { state: 'queued', code: 'entry.new' };

    expect(arrive(verdict, { content: null })).toBe(verdict);
  });
});
