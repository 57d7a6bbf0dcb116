import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pollsOfLog } from '../../console/read-polls.ts';

let folder: string;
let log: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'polls-'));
  log = join(folder, 'log.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute));
const write = (minute: number, message: string, data: object) =>
  appendFileSync(
    log,
    `${JSON.stringify({ level: 'INFO', message, data, timestamp: at(minute).toISOString() })}\n`,
  );
const counts = { seen: 10, known: 8, baselined: 0, filtered: 1, held: 0, queued: 1 };

describe('a feed’s polls', () => {
  it('are read from the log, newest first', () => {
    write(1, 'poll.unchanged', { feed: 'newsroom', status: 304, bytes: 0 });
    write(2, 'poll.changed', { feed: 'newsroom', counts, unsettled: 0, bytes: 18_312 });
    write(3, 'poll.failed', {
      feed: 'newsroom',
      code: 'feed.status',
      message: '503',
      failures: 1,
      nextAt: 1,
    });
    write(4, 'poll.unchanged', { feed: 'journal', status: 200, bytes: 9 });
    write(5, 'poll.deferred', { feed: 'newsroom', code: 'feed.host', message: 'its host rests', until: 1 });

    expect(pollsOfLog(log)('newsroom')).toEqual([
      { at: at(5).getTime(), kind: 'put-off', message: 'its host rests' },
      { at: at(3).getTime(), kind: 'failed', code: 'feed.status', message: '503' },
      { at: at(2).getTime(), kind: 'changed', seen: 10, isNew: 2, bytes: 18_312 },
      { at: at(1).getTime(), kind: 'unchanged', status: 304, bytes: 0 },
    ]);
  });

  it('are empty without a log', () => {
    expect(pollsOfLog(log)('newsroom')).toEqual([]);
  });

  it('are read despite invalid lines in the log', () => {
    appendFileSync(
      log,
      '{"message":"poll.changed","data":{}}\nnot JSON "poll.\n{"timestamp":"soon","message":"poll.x"}\n',
    );
    write(1, 'poll.unchanged', { feed: 'newsroom' }); // as written by an older release
    write(2, 'poll.unchanged', { feed: 'newsroom', status: 304, bytes: 0 });

    expect(pollsOfLog(log)('newsroom')).toHaveLength(1);
  });

  it('are read from the last two megabytes of the log, at most sixty', () => {
    write(1, 'poll.failed', {
      feed: 'quiet',
      code: 'feed.status',
      message: 'long ago',
      failures: 1,
      nextAt: 1,
    });
    appendFileSync(log, `${'x'.repeat(2 * 1024 * 1024)}\n`);
    for (let n = 0; n < 70; n++) write(n % 60, 'poll.unchanged', { feed: 'newsroom', status: 304, bytes: n });

    expect(pollsOfLog(log)('quiet')).toEqual([]);
    expect(pollsOfLog(log)('newsroom').map((poll) => 'bytes' in poll && poll.bytes)).toEqual(
      Array.from({ length: 60 }, (_, n) => 69 - n),
    );
  });
});
