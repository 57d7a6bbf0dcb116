import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Publish } from '../../../lib/core/config/config.ts';
import { checkPost, publishModes } from '../../../lib/core/posts/check-post.ts';
import { postFields, statuses } from '../../../lib/core/posts/tiktok-post.ts';
import { errorsOfNew, pageFields } from '../../../local/sandbox/page-rules.ts';

const now = Date.parse('2026-03-01T00:00:00Z');

const id = fc.nat();
const ids = (maxLength: number) => fc.array(id, { maxLength });
const dateTime = fc
  .tuple(
    fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
    fc.constantFrom('Z', '+05:30', '-11:00'),
  )
  .map(([date, zone]) => date.toISOString().replace('Z', zone));
const future = fc.integer({ min: 1, max: 1e11 }).map((ahead) => new Date(now + ahead).toISOString());
const flag = fc.boolean();
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const optionalFields = {
  text: fc.string({ unit: 'grapheme', maxLength: 100 }),
  disable_comment: flag,
  disable_duet: flag,
  disable_stitch: flag,
  thumbnail_offset: orNull(id),
  branded_content_type: orNull(fc.constantFrom('promoted', 'paid_partnership')),
  music_info: orNull(fc.dictionary(fc.string(), fc.jsonValue())),
  approval_policy: fc.constantFrom('APPROVAL_REQUIRED', 'APPROVAL_NOT_REQUIRED'),
  approval_requests: fc.array(
    fc.record({ requested_by_user_id: id, review_user_id: id }, { requiredKeys: [] }),
  ),
  board_ids: ids(9),
  callback_socket_id: fc.string(),
  campaign_ids: ids(9),
  content_tag_ids: ids(9),
  duplicate_to_brand_ids: ids(55),
  post_group_id: fc.uuid(),
  sort_index: fc.double({ noNaN: true, noDefaultInfinity: true }),
  thumbnail_url: orNull(fc.webUrl()),
  title: orNull(fc.string()),
};

const extras = fc.record(optionalFields, { requiredKeys: [] });
const media = fc.tuple(id);

const forms: Record<Publish, fc.Arbitrary<object>> = {
  draft: fc.record({ media_ids: ids(1), timestamp: orNull(dateTime) }, { requiredKeys: [] }),
  schedule: fc.record({ media_ids: media, timestamp: future }),
  now: fc.record({ media_ids: media, timestamp: orNull(dateTime) }, { requiredKeys: ['media_ids'] }),
};

type Sample = { mode: Publish; body: Record<string, unknown> };

const validOf = (mode: Publish): fc.Arbitrary<Sample> =>
  fc.tuple(id, forms[mode], extras).map(([brand_id, form, extra]) => ({
    mode,
    body: { brand_id, ...publishModes[mode], creation_source: 'RSS_FEED', ...form, ...extra },
  }));

const valid = fc.oneof(validOf('draft'), validOf('schedule'), validOf('now'));

// The two differ on purpose beyond 2^53; see the last test.
const isExact = (value: unknown) => typeof value !== 'number' || Math.abs(value) <= Number.MAX_SAFE_INTEGER;

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    -1,
    1.5,
    0,
    true,
    [],
    {},
    [[]],
    [null],
    [-1],
    [1.5],
    ['1'],
    [1, 2],
    [{}],
  ),
  fc.constantFrom<unknown>(
    '2026-02-28T23:59:59.999Z',
    '2026-03-01T00:00:00Z',
    '2026-03-01T00:00:00.001Z',
    '2026-02-29T00:00:00Z',
    '2027-01-01T00:00:00Z',
    '2027-01-01',
    '2027-01-01T00:00:00',
    'DRAFT',
    'SCHEDULED',
  ),
  fc.constantFrom<unknown>(
    'http://',
    'https://[',
    'ftp://a.b/',
    'https://a b/',
    'a'.repeat(2_200),
    'a'.repeat(2_201),
  ),
  fc.constantFrom<unknown>([{ review_user_id: 1.5 }], [{ review_user_id: -1 }], [{ other: 1 }], [[]]),
  fc.array(fc.integer({ min: -1 }), { minLength: 50, maxLength: 60 }),
  fc.jsonValue().filter((value) => [value].flat().every(isExact)),
  dateTime,
  fc.webUrl(),
);

const someField = fc.oneof(
  fc.constantFrom(...Object.keys(optionalFields), 'brand_id', 'media_ids', 'timestamp'),
  fc.constantFrom('caption', 'rss_guid', 'toString', 'hasOwnProperty'),
);

const mutated = fc
  .tuple(
    valid,
    fc.array(fc.tuple(someField, fc.option(odd, { nil: undefined })), { minLength: 1, maxLength: 2 }),
  )
  .map(([{ mode, body }, changes]) => {
    const changed = { ...body, ...Object.fromEntries(changes) };
    return { mode, body: JSON.parse(JSON.stringify(changed)) as Record<string, unknown> };
  });

const sandboxTakes = ({ body }: Sample) => Object.keys(errorsOfNew(body, now)).length === 0;
const weTake = ({ mode, body }: Sample) => checkPost(body, { mode, now }).ok;

describe('our schema and the sandbox, implemented independently,', () => {
  it('list the same fields, and the generated bodies contain each of them', () => {
    const ours = Object.keys(postFields).toSorted();

    const generated = fc.sample(valid, { numRuns: 300, seed: 7 }).flatMap(({ body }) => Object.keys(body));

    expect(pageFields.toSorted()).toEqual(ours);
    expect([...new Set(generated)].toSorted()).toEqual(ours);
  });

  it('both accept every valid body', () => {
    fc.assert(
      fc.property(valid, (sample) => {
        expect({
          we: checkPost(sample.body, { mode: sample.mode, now }),
          page: errorsOfNew(sample.body, now),
        }).toEqual({
          we: { ok: true, post: sample.body },
          page: {},
        });
      }),
      { numRuns: 500 },
    );
  });

  it('agree on every changed body, field by field', () => {
    fc.assert(
      fc.property(mutated, (sample) => {
        const checked = checkPost(sample.body, { mode: sample.mode, now });
        const ours = checked.ok ? [] : checked.problems.map(({ field }) => field.split('.')[0]);

        const theirs = Object.keys(errorsOfNew(sample.body, now));

        expect([...new Set(ours)].toSorted()).toEqual(theirs.toSorted());
      }),
      { numRuns: 2_000 },
    );
  });

  it('test enough accepted and refused bodies', () => {
    const samples = fc.sample(mutated, { numRuns: 1_000, seed: 7 });

    const taken = samples.filter(sandboxTakes).length;

    expect(taken).toBeGreaterThan(100);
    expect(taken).toBeLessThan(900);
    expect(samples.filter(weTake).length).toBe(taken);
  });

  it.each([
    { aheadMs: -1, taken: false },
    { aheadMs: 0, taken: false },
    { aheadMs: 1, taken: true },
  ])('agree on a post scheduled $aheadMs ms ahead', ({ aheadMs, taken }) => {
    const timestamp = new Date(now + aheadMs).toISOString();
    const form = { ...publishModes.schedule, media_ids: [1], timestamp };
    const sample: Sample = { mode: 'schedule', body: { brand_id: 1, creation_source: 'RSS_FEED', ...form } };

    expect([weTake(sample), sandboxTakes(sample)]).toEqual([taken, taken]);
  });

  it.each([
    { rule: 'creation_source is always sent', body: { brand_id: 1, status: 'DRAFT', auto_publish: false } },
    {
      rule: 'a draft is never published automatically',
      body: { brand_id: 1, status: 'DRAFT', auto_publish: true, creation_source: 'RSS_FEED' },
    },
    {
      rule: 'a post is sent with a status',
      body: { brand_id: 1, auto_publish: false, creation_source: 'RSS_FEED' },
    },
    {
      rule: 'no ID exceeds the safe integers of JavaScript',
      body: { brand_id: 2 ** 53, status: 'DRAFT', auto_publish: false, creation_source: 'RSS_FEED' },
    },
    ...statuses
      .filter((status) => !['DRAFT', 'SCHEDULED', 'AUTOPUBLISHING'].includes(status))
      .map((status) => ({
        rule: `nothing is sent as ${status}`,
        body: { brand_id: 1, status, auto_publish: false, creation_source: 'RSS_FEED' },
      })),
  ])('differ where ours is stricter: $rule', ({ body }) => {
    expect(sandboxTakes({ mode: 'draft', body })).toBe(true);
    expect(weTake({ mode: 'draft', body })).toBe(false);
  });
});
