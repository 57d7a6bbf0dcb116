import { describe, expect, it } from 'vitest';
import type { DashResult } from '../../../lib/core/dash/dash-response.ts';
import { judgeMedium, mediumToCheck, readMedium } from '../../../lib/core/dash/medium.ts';
import { postOf } from '../../support/entries.ts';

const at = Date.parse('2026-06-15T12:00:00Z');
const video = { brand: 144, id: 7 };

const responding = (status: number, body: unknown): DashResult => ({
  kind: 'response',
  response: { status, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) },
});
const judge = (fields: object) => judgeMedium(readMedium(responding(200, { id: 7, ...fields })), video, at);

describe('a video of the Library', () => {
  it.each([
    ['without limits', { can_publish_within: null, content_rights_expiry_date: null }],
    ['with an unknown status', { brand_media_status: 'AWAITING_SOMETHING' }],
    ['within its window', { can_publish_within: { start: '2026-06-01', end: '2026-06-30T00:00:00Z' } }],
    ['with an empty window', { can_publish_within: { start: '', end: null } }],
    ['on the first day, in the time zone that allows most', { can_publish_within: { start: '2026-06-16' } }],
    ['with rights that last', { content_rights_expiry_date: '2026-06-15T12:00:01Z' }],
    ['with rights that last, in another zone', { content_rights_expiry_date: '2026-06-15T13:30:00+01:00' }],
  ])('%s is usable', (_, fields) => {
    expect(judge(fields)).toEqual({ kind: 'usable' });
  });

  it.each([
    [{ brand_media_status: 'DELETED' }, 'video 7 has the status DELETED'],
    [{ brand_media_status: ' expired ' }, 'video 7 has the status expired'],
    [
      { can_publish_within: { start: '2026-06-15T12:00:01Z', end: null } },
      'video 7 may be published from 2026-06-15T12:00:01Z, but the post is for 2026-06-15T12:00:00.000Z',
    ],
    [
      { can_publish_within: { start: null, end: '2026-06-13' } },
      'video 7 may be published until 2026-06-13, but the post is for 2026-06-15T12:00:00.000Z',
    ],
    [
      { content_rights_expiry_date: '2026-06-15T12:00:00Z' },
      'video 7 has rights until 2026-06-15T12:00:00Z, but the post is for 2026-06-15T12:00:00.000Z',
    ],
    [
      { can_publish_within: { start: 'soon' }, content_rights_expiry_date: '2020-01-01T00:00:00Z' },
      'video 7 has rights until 2020-01-01T00:00:00Z, but the post is for 2026-06-15T12:00:00.000Z',
    ],
  ])('%j is unusable', (fields, detail) => {
    expect(judge(fields)).toEqual({ kind: 'unusable', detail });
  });

  it.each([
    ['2026-06-14', '2026-06-15T11:59:59Z', 'usable'],
    ['2026-06-14', '2026-06-15T12:00:00Z', 'unusable'],
    ['2026-06-14T23:00:00', '2026-06-15T10:59:59Z', 'usable'],
    ['2026-06-14T23:00:00', '2026-06-15T11:00:00Z', 'unusable'],
  ])('until %s without a time zone is at %s %s, by the zone that allows most', (end, time, kind) => {
    const outcome = readMedium(responding(200, { can_publish_within: { start: null, end } }));

    expect(judgeMedium(outcome, video, Date.parse(time))).toMatchObject({ kind });
  });

  it('that does not exist is unusable', () => {
    const error = { code: 404, status: 'Not Found', message: 'There is nothing here.', errors: {} };

    expect(judgeMedium(readMedium(responding(404, error)), video, at)).toEqual({
      kind: 'unusable',
      detail: 'video 7 is not in the Library of brand 144',
    });
  });

  it('with a limit that cannot be read is unchecked', () => {
    expect(judge({ can_publish_within: { start: 'next spring' } })).toEqual({
      kind: 'unchecked',
      detail: 'video 7 may be published from "next spring"',
    });
  });

  it.each([
    ['a 401', responding(401, { code: 401, status: 'Unauthorized', message: 'no' })],
    ['a 403', responding(403, { code: 403, status: 'Forbidden', message: 'no' })],
    ['a 429', responding(429, '')],
    ['a 500', responding(500, {})],
    ['a 302', responding(302, '')],
    ['a proxy’s 404', responding(404, '<html>Not Found</html>')],
    ['another document', responding(200, { id: 7, name: 'x' })],
    ['a list', responding(200, [])],
    ['null', responding(200, 'null')],
    ['no JSON', responding(200, '{"id": 7')],
    ['fields of another type', responding(200, { brand_media_status: 5 })],
    ['a timeout', { kind: 'failed', left: true, code: 'dash.timeout', message: 'No response' } as const],
    ['a request that was not sent', { kind: 'kept' } as const],
  ])('is unchecked after %s', (_, reply) => {
    expect(judgeMedium(readMedium(reply), video, at)).toMatchObject({ kind: 'unchecked' });
  });
});

describe('the video to check', () => {
  const timestamp = '2026-07-01T09:00:00Z';

  it.each([
    [
      'now, of a post that is published at once',
      { status: 'AUTOPUBLISHING', media_ids: [7] },
      { ...video, at },
    ],
    [
      'at its time, of a scheduled post',
      { status: 'SCHEDULED', media_ids: [7], timestamp },
      { ...video, at: Date.parse(timestamp) },
    ],
    ['never, of a draft', { status: 'DRAFT', media_ids: [7], timestamp }, null],
    ['never, without a video', { status: 'AUTOPUBLISHING', media_ids: [] }, null],
  ] as const)('is checked %s', (_, fields, expected) => {
    const post = { ...postOf('x'), ...fields, media_ids: [...fields.media_ids] };

    expect(mediumToCheck(post, at)).toEqual(expected);
  });
});
