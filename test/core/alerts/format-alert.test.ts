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
    'Nothing is posted: no token is stored. Entries wait, none is lost.',
    'doctor',
  ],
  [
    'posting-stopped',
    { kind: 'posting-stopped', subject: 'all', detail: 'Dash Social does not answer' },
    'Nothing is posted: Dash Social does not answer. Entries wait, none is lost.',
    'status',
  ],
  [
    'posting-stopped for a brand',
    { kind: 'posting-stopped', subject: 'brand/144', detail: 'a person paused it; resume ends that' },
    'Nothing of brand 144 is posted: a person paused it; resume ends that. Entries wait, none is lost.',
    'status',
  ],
  [
    'feed-failing',
    { kind: 'feed-failing', detail: 'www.example.com answered 500: it is in trouble' },
    'The feed newsroom cannot be read: www.example.com answered 500: it is in trouble.',
    'status',
  ],
  [
    'one uncertain',
    { kind: 'uncertain-parked', count: 1 },
    '1 entry of newsroom may or may not be in Dash Social: look there, then confirm or retry.',
    'list --state uncertain --feed newsroom',
  ],
  [
    'many uncertain',
    { kind: 'uncertain-parked', count: 3 },
    '3 entries of newsroom may or may not be in Dash Social: look there, then confirm or retry.',
    'list --state uncertain --feed newsroom',
  ],
  [
    'one entry-held',
    { kind: 'entry-held', count: 1, entryKey: 'k1', detail: 'A bridge: Held: its caption would be empty' },
    '1 entry of newsroom is held, nothing was sent: A bridge: Held: its caption would be empty.',
    'explain k1',
  ],
  [
    'many entry-held',
    { kind: 'entry-held', count: 3, entryKey: 'k1', detail: 'A bridge: Published too long ago to be news' },
    '3 entries of newsroom are held, nothing was sent; the latest: A bridge: Published too long ago to be news.',
    'list --state held --feed newsroom',
  ],
  [
    'dead-letters',
    { kind: 'dead-letters', subject: 'drafts', count: 2 },
    '2 messages of the queue of drafts failed again and again and lie in its dead-letter queue.',
    'status',
  ],
  [
    'nothing-polled',
    { kind: 'nothing-polled', subject: 'feeds' },
    'No feed is polled and nothing that waits is woken: the tick does not run.',
    'status',
  ],
  [
    'batch-held',
    { kind: 'batch-held', count: 40 },
    '40 entries of newsroom may be old rather than new: held, nothing was sent; release or dismiss them.',
    'list --state held --batch newsroom',
  ],
  [
    'possible-gap',
    { kind: 'possible-gap' },
    'Nothing in newsroom was known from the last poll: entries may have come and gone in between. Poll it more often (every: in feeds.yml).',
    'list --feed newsroom',
  ],
  [
    'not-as-configured',
    { kind: 'not-as-configured', entryKey: 'guid-a', detail: 'feeds.yml says publish: draft' },
    'An entry of newsroom was held, because its post would go further than feeds.yml allows: feeds.yml says publish: draft.',
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
    ['token-refused', 'all', 'Dash Social takes the token again'],
    ['posting-stopped', 'brand/144', 'posting goes on (brand 144)'],
    ['feed-failing', 'newsroom', 'the feed newsroom can be read again'],
    ['uncertain-parked', 'newsroom', 'no entry of newsroom is uncertain any more'],
    ['entry-held', 'newsroom', 'no single entry of newsroom is held any more'],
    ['dead-letters', 'feeds', 'the dead-letter queue of feeds is empty'],
    ['nothing-polled', 'feeds', 'feeds are polled again'],
    ['batch-held', 'newsroom', 'the held entries of newsroom have been decided'],
    ['not-as-configured', 'newsroom', 'the held entry of newsroom has been decided'],
  ] as const)('%s reports its end with both times', (kind, subject, text) => {
    expect(notice({ kind, subject, endedAt })).toMatchObject({
      state: 'over',
      text: `Over: ${text}. It began 28 Nov 2026, 17:38 CET and ended 28 Nov 2026, 18:05 CET.`,
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
      text: 'A draft of newsroom is in Dash Social (1002): A bridge is opened. Since 1 Jan 2026, 01:00 CET.',
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

    expect(text).toMatch(/: A B C 🎒+…\. Since/u);
    expect(text.length).toBeLessThan(350);
    expect(text.isWellFormed()).toBe(true);
  });
});
