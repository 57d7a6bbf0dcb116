import { beforeEach, describe, expect, it } from 'vitest';
import { csvLine } from '../../cli/csv.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { cliOver, type FakeTarget, fakeTarget, type Ran } from '../support/cli.ts';
import { anEntryRow } from '../support/store-rows.ts';

let target: FakeTarget;
let cli: (line: string) => Promise<Ran>;

const put = (...rows: Partial<EntryRow>[]) => {
  for (const given of rows) {
    const row = anEntryRow(given);
    target.stores.ledger.rows.set(row.key, row);
  }
};

beforeEach(() => {
  target = fakeTarget();
  cli = cliOver(target);
});

describe('a line of CSV', () => {
  it.each([
    ['plain text', ['a', 7, null], 'a,7,'],
    ['a comma, a quote, a line break', ['a,b', 'say "x"', 'a\r\nb'], '"a,b","say ""x""","a\nb"'],
    ['formulas', ['=1+1', '@x', '-2', '+3'], "'=1+1,'@x,'-2,'+3"],
    ['a formula after an invisible character', ['\u0000=HYPERLINK("x")'], `"'=HYPERLINK(""x"")"`],
    ['a formula after a semicolon', ['a;=1+1'], `"a;'=1+1"`],
    ['a formula after a tab or a line break', ['a\t@x\n-2'], `"a\t'@x\n'-2"`],
    ['full-width signs', ['＝1', '＋1', '－1', '＠x', 'a;＝1'], `'＝1,'＋1,'－1,'＠x,"a;'＝1"`],
    ['a semicolon', ['a;b'], '"a;b"'],
    ['signs inside a text', ['a=b - c', 'x@y.z'], 'a=b - c,x@y.z'],
    ['control characters', ['a\u001B[2Jb\u009Bc\u202Ed'], 'a[2Jbcd'],
    ['negative numbers, which are not formulas', [-2, 0], '-2,0'],
  ])('escapes %s', (_, cells, line) => {
    expect(csvLine(cells)).toBe(line);
  });
});

describe('export ledger', () => {
  it('prints a header and one line per entry', async () => {
    put({ key: 'k1', state: 'drafted', postId: 9, title: '=cmd', post: null, published: null });

    const { code, out } = await cli('export ledger');

    const [head = '', row = ''] = out.split('\r\n');
    expect(code).toBe(0);
    expect(head).toMatch(/^key,state,feed,brand,title,.*,text$/);
    expect(row).toMatch(/^k1,drafted,newsroom,144,'=cmd,/);
    expect(row.split(',')).toHaveLength(head.split(',').length);
  });

  it('prints JSON lines with posts and histories', async () => {
    put({ key: 'a' }, { key: 'b', title: 'x\u2028y' });

    const { out } = await cli('export ledger --format jsonl');

    const lines = out.trimEnd().split('\n');
    expect(out).not.toContain('\u2028');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { key: 'a', post: { creation_source: 'RSS_FEED' }, history: [{ code: 'entry.new' }] },
      { key: 'b', title: 'x\u2028y' },
    ]);
  });

  it('filters by feed and state, and prints one document with --json', async () => {
    put({ key: 'a', state: 'held' }, { key: 'b', feed: 'journal' }, { key: 'c' });

    const { out } = await cli('export ledger --feed newsroom --state held --json');

    expect(JSON.parse(out)).toEqual({ entries: [expect.objectContaining({ key: 'a', state: 'held' })] });
  });

  it('refuses an unknown feed', async () => {
    const { code, err } = await cli('export ledger --feed nwsroom');

    expect({ code, err }).toEqual({ code: 4, err: expect.stringContaining('There is no feed nwsroom') });
  });
});
