import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { historyLines, notesOn, stateText } from '../../../lib/core/operator/explain.ts';
import { anEntryRow } from '../../support/store-rows.ts';

const sources = ['core', 'jobs'].flatMap((folder) => {
  const dir = new URL(`../../../lib/${folder}/`, import.meta.url).pathname;
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('explain.ts'))
    .map((name) => readFileSync(join(dir, name), 'utf8'));
});

/** Codes written to histories: literals beside a state, and those of areas that rows record. */
const written = new Set(
  sources.flatMap((text) =>
    [/state: [^,{}]+,\s*code: '([a-z-]+\.[a-z-]+)'/g, /'((?:limit|post|caption)\.[a-z-]+)'/g]
      .flatMap((pattern) => [...text.matchAll(pattern)])
      .map(([, code]) => String(code)),
  ),
);

describe("an entry's history as text", () => {
  it('describes every code that a transition or verdict writes', () => {
    const missing = [...written].filter((code) => {
      const row = anEntryRow({ history: [{ at: 1, state: 'queued', code }] });
      return historyLines(row)[0]?.text.startsWith(code);
    });

    expect(written.size).toBeGreaterThan(12);
    expect(missing).toEqual([]);
  });

  it('describes every outcome that a Dash Social request may have', () => {
    const codes = [
      'timeout',
      'cut-off',
      'failed',
      'unreachable',
      'redirected',
      'refused',
      'unexpected-response',
    ];

    const texts = codes.map((reason) => {
      const row = anEntryRow({ history: [{ at: 1, state: 'uncertain', code: `dash.${reason}` }] });
      return historyLines(row)[0]?.text ?? '';
    });

    expect(texts.filter((words) => words === '' || words.startsWith('dash.'))).toEqual([]);
  });

  it('describes the rule that filtered an entry, with its match', () => {
    const moment = {
      at: 1,
      state: 'filtered',
      code: 'rule.skip-keywords',
      detail: 'skip.keywords: "sale"',
    } as const;

    const [line] = historyLines(anEntryRow({ history: [moment] }));

    expect(line?.text).toBe('Filtered by skip.keywords: "sale".');
  });

  it('falls back to the code, its result and its detail if the code is unknown', () => {
    const history = [{ at: 1, state: 'queued', code: 'area.reason', detail: 'ECONNRESET' }] as const;

    const [line] = historyLines(anEntryRow({ history: [...history] }));

    expect(line?.text).toBe('area.reason: Waiting to be sent to Dash Social. ECONNRESET.');
  });

  it.each([
    [
      'there may be several',
      { mayBeTwice: 2 },
      ['There may be 3 drafts of it. Check Dash Social, then confirm.'],
    ],
    ['others exist', { alsoPosted: [4, 5] }, ['Drafts 4, 5 also exist.']],
    [
      'its ID is unknown',
      { state: 'drafted' },
      ['The ID of the draft is unknown, because the response could not be read.'],
    ],
    ['it waits', { dueAt: 2_000 }, ['It is not due yet.']],
    ['it has no post', { post: null }, ['It has no post yet.']],
    ['nothing more', {}, []],
  ] as const)('adds that %s', (_, given, expected) => {
    expect(notesOn(anEntryRow({ ...(given as object) }), 1_500)).toEqual(expected);
  });
});

describe("an entry's state as text", () => {
  const withheld = anEntryRow({
    state: 'drafted',
    postId: null,
    history: [
      { at: 1, state: 'drafting', code: 'draft.claimed' },
      { at: 2, state: 'drafted', code: 'draft.would-have-been-sent', detail: 'this stage delivers nothing' },
    ],
  });

  it('describes its state', () => {
    expect(stateText(anEntryRow({ state: 'drafted' }))).toBe('The draft is in Dash Social.');
  });

  it('describes a post withheld by its stage as no draft, not as a lost response', () => {
    expect(stateText(withheld)).toBe(
      'It would have been sent, but this stage delivers nothing, so there is no draft.',
    );
    expect(notesOn(withheld, 3)).toEqual([]);
  });
});
