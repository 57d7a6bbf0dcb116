import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { states } from '../../lib/core/ledger/row.ts';
import { allowedFrom } from '../../lib/core/operator/moves.ts';

const page = readFileSync(new URL('../../docs/glossary.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| ((?:[^|]|\\\|)+) \| (.+) \|$/gm)]
  .map(([, term = '', meaning = '']) => ({ term, meaning }))
  .filter(({ term }) => term !== 'term' && term !== '---');
const terms = rows.map(({ term }) => term);

describe('the glossary', () => {
  it('has each term once, in one line', () => {
    expect(terms.length).toBeGreaterThan(80);
    expect(terms.filter((term, at) => terms.indexOf(term) !== at)).toEqual([]);
    expect(rows.filter(({ meaning }) => meaning.length > 160)).toEqual([]);
  });

  it('has every state and every move', () => {
    const named = [...states, ...Object.keys(allowedFrom)].map((name) => `\`${name}\``);

    expect(named.filter((name) => !terms.includes(name))).toEqual([]);
  });
});
