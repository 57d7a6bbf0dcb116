import { describe, expect, it } from 'vitest';
import type { AlertRow } from '../../../lib/core/alerts/alert-row.ts';
import { alertNotice } from '../../../lib/core/alerts/format-alert.ts';
import type { EntryRow } from '../../../lib/core/ledger/row.ts';
import { aFlag } from '../../support/alert-rows.ts';
import { anEntryRow } from '../../support/store-rows.ts';

const since = Date.UTC(2026, 10, 28, 16, 38);
const endedAt = Date.UTC(2026, 10, 28, 17, 5);
const place = { timezone: 'Europe/Berlin', where: { stage: 'prod' } };
const notice = (given: Partial<AlertRow>, entry: EntryRow | null = null) =>
  alertNotice({ row: aFlag({ since, ...given }), entry }, place);

const table: [string, Partial<AlertRow>, string, string][] = [
  [
    'token-refused',
    { kind: 'token-refused', subject: 'all', detail: 'no token is stored' },
    'Nothing is posted: no token is stored. Entries wait; none is lost. Your admin has to store a valid token.',
    'doctor',
  ],
  [
    'posting-stopped',
    { kind: 'posting-stopped', subject: 'all', detail: 'Dash Social does not answer' },
    'Posting has stopped: Dash Social does not answer. Entries wait; none is lost. End a pause when you are ready; an outage ends without you.',
    'status',
  ],
  [
    'posting-stopped for a brand',
    { kind: 'posting-stopped', subject: 'brand/144', detail: 'a person paused it; resume ends that' },
    'Posting for brand 144 has stopped: a person paused it; resume ends that. Entries wait; none is lost. End a pause when you are ready; an outage ends without you.',
    'status',
  ],
  [
    'feed-failing',
    { kind: 'feed-failing', detail: 'www.example.com answered 500: it is in trouble' },
    'Feed newsroom cannot be read: www.example.com answered 500: it is in trouble. No new entries arrive from it. It is polled again automatically; if its website has moved, ask your admin to correct its address.',
    'status',
  ],
  [
    'one uncertain',
    { kind: 'outcome-unknown', count: 1 },
    '1 entry of newsroom has an unknown outcome: the draft may or may not exist. Look in Dash Social, then confirm or retry.',
    'list --state uncertain --feed newsroom',
  ],
  [
    'many uncertain',
    { kind: 'outcome-unknown', count: 3 },
    '3 entries of newsroom have an unknown outcome: the draft may or may not exist. Look in Dash Social, then confirm or retry.',
    'list --state uncertain --feed newsroom',
  ],
  [
    'one entries-held',
    { kind: 'entries-held', count: 1, entryKey: 'k1', detail: 'A bridge: Held: its caption would be empty' },
    '1 entry of newsroom is held and was not sent. A bridge: Held: its caption would be empty. Look, then release or dismiss.',
    'explain k1',
  ],
  [
    'many entries-held',
    { kind: 'entries-held', count: 3, entryKey: 'k1', detail: 'A bridge: Published too long ago to be news' },
    '3 entries of newsroom are held and were not sent. Latest: A bridge: Published too long ago to be news. Look, then release or dismiss.',
    'list --state held --feed newsroom',
  ],
  [
    'dead-letters',
    { kind: 'dead-letters', subject: 'drafts', count: 2 },
    '2 messages of the drafts queue failed repeatedly and are in its dead-letter queue. No entry is lost. Ask your admin to look in the log.',
    'status',
  ],
  [
    'ticks-stopped',
    { kind: 'ticks-stopped', subject: 'feeds' },
    'No feed is polled and no waiting entry is sent, because the scheduled tick does not run. Ask your admin to check its schedule.',
    'status',
  ],
  [
    'batch-held',
    { kind: 'batch-held', count: 40 },
    '40 entries of newsroom look old rather than new, so they are held and were not sent. Release or dismiss them.',
    'list --state held --batch newsroom',
  ],
  [
    'possible-gap',
    { kind: 'possible-gap' },
    'Entries of newsroom may have been missed, because two polls had none in common. Poll it more often (every: in feeds.yml).',
    'list --feed newsroom',
  ],
  [
    'not-as-configured',
    { kind: 'not-as-configured', entryKey: 'guid-a', detail: 'feeds.yml says publish: draft' },
    'An entry of newsroom is held, because its post goes further than feeds.yml allows: feeds.yml says publish: draft. Dismiss it, or ask your admin to change `publish` and then release it.',
    'explain guid-a',
  ],
];

describe('an alert', () => {
  it.each(table)('%s states what happened, since when, and the command to run', (_, given, text, command) => {
    expect(notice(given)).toMatchObject({
      state: 'began',
      text: `${text} Since 28 Nov 2026, 17:38 CET.`,
      command: `npm run -s cli -- ${command} --stage prod`,
    });
  });

  it.each([
    ['token-refused', 'all', 'Dash Social accepts the token again'],
    ['posting-stopped', 'brand/144', 'Posting for brand 144 has resumed'],
    ['feed-failing', 'newsroom', 'Feed newsroom can be read again'],
    ['outcome-unknown', 'newsroom', 'No entry of newsroom has an unknown outcome anymore'],
    ['entries-held', 'newsroom', 'No individual entry of newsroom is held anymore'],
    ['dead-letters', 'feeds', 'The dead-letter queue of feeds is empty'],
    ['ticks-stopped', 'feeds', 'Feeds are polled again'],
    ['batch-held', 'newsroom', 'No entry of this newsroom batch is held anymore'],
    ['not-as-configured', 'newsroom', 'The entry of newsroom is no longer held'],
  ] as const)('%s reports its end with both times', (kind, subject, text) => {
    expect(notice({ kind, subject, endedAt })).toMatchObject({
      state: 'over',
      text: `Resolved: ${text}. It began 28 Nov 2026, 17:38 CET and ended 28 Nov 2026, 18:05 CET.`,
    });
  });

  it('omits --stage for a local run', () => {
    const { command } = alertNotice({ row: aFlag(), entry: null }, { timezone: 'UTC', where: {} });

    expect(command).toBe('npm run -s cli -- list --state uncertain --feed newsroom');
  });
});

describe('a draft alert', () => {
  const flag = { kind: 'draft-made', entryKey: 'k1', since: Date.UTC(2026, 0, 1) } as const;

  it("contains the post ID and the entry's title and link", () => {
    expect(notice(flag, anEntryRow({ state: 'drafted', postId: 1002 }))).toMatchObject({
      text: 'A draft of newsroom is in Dash Social (1002): A bridge is opened. Sent 1 Jan 2026, 01:00 CET.',
      command: 'npm run -s cli -- explain k1 --stage prod',
      link: 'https://www.example.com/bridge',
    });
  });

  it.each(['javascript:alert(1)', 'not an address', null])('links only to web addresses: %s', (link) => {
    expect(notice(flag, anEntryRow({ link })).link).toBeNull();
  });

  it('keeps a hostile title on one line, left to right and bounded', () => {
    const title = `A\nB\u202EC\u0007 ${'🎒'.repeat(300)}`;

    const { text } = notice(flag, anEntryRow({ title }));

    expect(text).toMatch(/: A B C 🎒+… Sent/u);
    expect(text.length).toBeLessThan(350);
    expect(text.isWellFormed()).toBe(true);
  });
});

describe('with a console', () => {
  const pageOf = (given: Partial<AlertRow>) =>
    alertNotice(
      { row: aFlag({ since, ...given }), entry: null },
      { ...place, console: 'https://drafts.example.com' },
    ).page;

  it.each<[string, Partial<AlertRow>]>([
    ['/', { kind: 'token-refused', subject: 'all' }],
    ['/', { kind: 'posting-stopped', subject: 'brand/144' }],
    ['/', { kind: 'ticks-stopped', subject: 'ticks' }],
    ['/feeds/newsroom', { kind: 'feed-failing' }],
    ['/feeds/newsroom', { kind: 'possible-gap' }],
    ['/entries?feed=newsroom&state=uncertain', { kind: 'outcome-unknown', count: 2 }],
    ['/entries?feed=newsroom&state=duplicates', { kind: 'possible-duplicates', count: 2 }],
    ['/entries?feed=newsroom&state=held', { kind: 'entries-held', count: 2, entryKey: 'k1' }],
    ['/entry?key=k+1', { kind: 'entries-held', count: 1, entryKey: 'k 1' }],
    ['/entry?key=k1', { kind: 'not-as-configured', entryKey: 'k1' }],
    ['/entry?key=k1', { kind: 'draft-made', entryKey: 'k1' }],
    ['/entries?batch=newsroom.7', { kind: 'batch-held', id: 'batch-held/newsroom.7' }],
  ])('the link of an alert leads to %s', (path, given) => {
    expect(pageOf(given)).toBe(`https://drafts.example.com${path}`);
  });

  it('is missing without one', () => {
    expect(notice({ kind: 'feed-failing' }).page).toBe(null);
  });
});
