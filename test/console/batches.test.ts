import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { consoleResponse } from '../../console/respond.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { openSite, type Site } from '../../local/site.ts';
import { memoryOf } from '../support/candidates.ts';
import { type ConsoleScene, consoleScene, hostile } from '../support/console-scene.ts';
import { anEntryRow, aPointer } from '../support/store-rows.ts';

let scene: ConsoleScene;
let site: Site;

const at = Date.UTC(2026, 10, 20, 10);
const held = (key: string, given: Partial<EntryRow> = {}) => {
  const row = anEntryRow({
    ...{ key, title: `Old ${key}`, state: 'held', wakeAt: null, seenAt: at },
    ...{ batch: 'newsroom.12', lesson: 'by-place' as const },
    history: [{ at, state: 'held', code: 'entry.late', detail: 'it is dated long ago' }],
    ...given,
  });
  scene.target.stores.ledger.rows.set(key, row);
  return row;
};

beforeEach(async () => {
  scene = await consoleScene();
  site = await openSite([consoleResponse(scene.context)], 0);
});
afterEach(() => site.close());

const pageAt = async (path: string) => (await fetch(new URL(path, site.url))).text();
const sectionOf = (body: string, id: string) =>
  body.split(`<section id="${id}"`)[1]?.split('</section>')[0] ?? '';
const teaching = 'a single old-dated entry in newsroom counts as new';

describe('a held batch on the overview', () => {
  it('is one card with its reason, count, age, lesson, entries and buttons', async () => {
    for (const key of ['a', 'b', 'c']) held(key);

    const waits = sectionOf(await pageAt('/'), 'needs-you');

    expect(waits.match(/<article class="batch"/g)).toHaveLength(1);
    expect(waits).toContain('3 entries of newsroom held together');
    expect(waits).toMatch(/<\/a> · held <time datetime="2026-11-20T10:00:00.000Z"/);
    expect(waits).toContain(
      'Held: it is listed among newer entries, but its date is old. It is dated long ago.',
    );
    expect(waits).toContain('<b>If released:</b> a draft in Dash Social');
    expect(waits).toContain(`After a release, ${teaching} from then on.`);
    expect(waits).toContain('<a class="action primary" href="/entries?batch=newsroom.12">Look at them</a>');
    expect(waits).toContain('Release all 3…</button>');
    expect(waits).toContain('Dismiss all 3…</button>');
    expect(waits.match(/Old [abc]/g)).toHaveLength(3);
  });

  it('lists twenty of thousands of entries, counted to a thousand', async () => {
    for (let i = 0; i < 3_000; i++) held(`k${i}`);

    const waits = sectionOf(await pageAt('/'), 'needs-you');

    expect(waits).toContain('1,000+ entries of newsroom held together');
    expect(waits.match(/Old k\d+/g)).toHaveLength(20);
    expect(waits).toContain('<a href="/entries?batch=newsroom.12">and all others</a>');
  });

  it('lists each reason with its count', async () => {
    held('a');
    held('b');
    held('c', { history: [{ at, state: 'held', code: 'entry.mass-reissue' }] });

    const waits = sectionOf(await pageAt('/'), 'needs-you');

    expect(waits).toMatch(/but its date is old\. It is dated long ago\.<\/bdi>: 2 entries/);
    expect(waits).toMatch(/The site was probably rebuilt\.<\/bdi>: 1 entry/);
  });

  it('escapes titles', async () => {
    held('a', { title: hostile.title, batch: '"><script>alert(1)</script>' });

    expect(await pageAt('/')).not.toMatch(/<script>alert|<img src=x/);
  });
});

describe('the list of entries', () => {
  it('shows a batch as one card, and all its entries on the batch’s page', async () => {
    for (const key of ['a', 'b', 'c']) held(key);

    const all = await pageAt('/entries?state=held');
    const batch = await pageAt('/entries?batch=newsroom.12');

    expect(all).toContain('4 entries');
    expect(all.match(/<article class="batch"/g)).toHaveLength(1);
    expect(all.match(/<article class="entry"/g)).toHaveLength(1);
    expect(batch.match(/<article class="batch"/g)).toHaveLength(1);
    expect(batch.match(/<article class="entry"/g)).toHaveLength(3);
    expect(batch).toContain('<input type="hidden" name="batch" value="newsroom.12">');
  });

  it('lists the open batches when a batch is unknown', async () => {
    held('a');

    const body = await pageAt('/entries?batch=newsroom.13');

    expect(body).toContain(
      'Batch newsroom.13 holds no entries. Open batches: <a href="/entries?batch=newsroom.12">newsroom.12</a>',
    );
  });
});

describe('an entry’s page', () => {
  it('links to its batch, and explains what a decision does and teaches', async () => {
    held('a');
    held('b');

    const decision = sectionOf(await pageAt('/entry?key=a'), 'decision');

    expect(decision).toContain(
      'Held in batch <a href="/entries?batch=newsroom.12">newsroom.12</a> with 1 other entry.',
    );
    expect(decision).toContain('Release makes a draft of it.');
    expect(decision).toContain(teaching);
  });

  it('lists what else was recognized as it, and by which facts', async () => {
    held('a', { link: 'https://www.example.com/a', leading: ['p0', 'p1'] });
    const link = 'https://new.example.com/a';
    const recognized = { by: 'title-and-date', title: 'Old a', link } as const;
    scene.target.stores.ledger.rows.set('p1', aPointer({ key: 'p1', owner: 'a', recognized }));
    scene.target.stores.ledger.rows.set(
      'p0',
      aPointer({ key: 'p0', owner: 'a', recognized: { by: 'guid', title: 'Old a', link: null } }),
    );
    scene.target.stores.ledger.rows.set('p2', aPointer({ key: 'p2', owner: 'b', recognized }));

    const names = sectionOf(await pageAt('/entry?key=a'), 'names');

    expect(names.match(/<li>.*?<\/li>/g)).toEqual([
      `<li><bdi>same title and date as “Old a”, published under another link: ${link}</bdi></li>`,
    ]);
  });
});

describe('a feed’s page', () => {
  it('shows what was learned about its entries', async () => {
    const row = scene.target.stores.feeds.memory.feeds.get('newsroom');
    const memory = memoryOf({
      addedAt: at,
      floor: at,
      byPlace: true,
      listsNewestFirst: false,
      dayOnly: true,
    });
    if (row) scene.target.stores.feeds.memory.feeds.set('newsroom', { ...row, memory });

    const learned = sectionOf(await pageAt('/feeds/newsroom'), 'learned');

    expect(learned).toContain('<dt>order</dt><dd>new entries last</dd>');
    expect(learned).toContain(
      `<dt>old dates</dt><dd>learned from a release: a single old-dated entry counts as new</dd>`,
    );
    expect(learned).toContain('<dt>dates</dt><dd>days without a time</dd>');
    expect(learned).toMatch(
      /<dt>existing entries<\/dt><dd>entries dated before 20 Nov 2026, \d\d:\d\d UTC are not new/,
    );
  });

  it('shows its held batches', async () => {
    held('a');

    expect(sectionOf(await pageAt('/feeds/newsroom'), 'held')).toContain('1 entry of newsroom held');
    expect(await pageAt('/feeds/journal')).not.toContain('class="batch"');
  });
});
