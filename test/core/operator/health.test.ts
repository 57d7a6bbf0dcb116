import { describe, expect, it } from 'vitest';
import type { CircuitRow } from '../../../lib/core/circuit/circuit-row.ts';
import {
  needingYou,
  type PostingLight,
  postingLight,
  problemsIn,
} from '../../../lib/core/operator/health.ts';
import type { HealthFacts } from '../../../lib/core/operator/health-facts.ts';
import { type Problem, type ProblemKind, problemKinds } from '../../../lib/core/operator/problem.ts';
import { aCircuitRow } from '../../support/store-rows.ts';

const now = Date.UTC(2026, 10, 30, 12);
const minute = 60_000;
const day = 24 * 60 * minute;

const nothing = { count: 0, since: null, entries: [] };
const some = (count: number, since = 5) => ({
  count,
  since,
  entries: [{ key: 'k1', title: 'A bridge', feed: 'newsroom', why: 'Held: the caption is empty.' }],
});

const healthy: HealthFacts = {
  now,
  where: { stage: 'prod' },
  isRunning: true,
  start: null,
  lastTick: now - minute,
  circuits: [],
  feeds: [{ id: 'newsroom', health: 'ok', trouble: null }],
  webhooks: [{ id: 'blog', secretNames: ['ghost'], refused: null, why: '' }],
  alerts: [],
  waiting: {
    ...{ notAsConfigured: nothing, held: nothing, review: nothing },
    ...{ rejected: nothing, uncertain: nothing, duplicate: nothing, changed: nothing },
  },
  batches: [],
  queues: { feedsDeadLetters: 0, draftsDeadLetters: 0 },
};

const trouble = {
  message: 'Its server answered 500.',
  since: now - 9,
  failures: 3,
  lastAt: now - 1,
  nextAt: now + 5,
};
const open = (given: Partial<CircuitRow>): Partial<HealthFacts> => ({ circuits: [aCircuitRow(given)] });
const waiting = (given: Partial<HealthFacts['waiting']>) => ({ waiting: { ...healthy.waiting, ...given } });

/** What makes each kind of problem appear, and what it must say of itself. */
const occasions: [ProblemKind, Partial<HealthFacts>, object][] = [
  ['not-running', { isRunning: false, start: 'npm start' }, { remedy: expect.stringContaining('npm start') }],
  ['ticks-stopped', { lastTick: null }, { since: null }],
  ['ticks-stopped', { lastTick: now - 4 * minute }, { since: now - 4 * minute }],
  ['clock-off', { lastTick: now + 60 * minute }, {}],
  ['posting-stopped', open({ scope: 'all', reason: 'outage', openUntil: now + 7 }), { nextAt: now + 7 }],
  [
    'posting-stopped',
    open({ scope: 'all', reason: 'unauthorized' }),
    { command: expect.stringContaining('secret set dash-token --stage prod') },
  ],
  [
    'paused',
    open({ scope: 'all', by: 'person', reason: 'person', openUntil: null }),
    {
      title: 'All posting is paused',
      nextAt: null,
      command: expect.stringContaining('-- resume --stage prod'),
    },
  ],
  [
    'brand-stopped',
    open({ scope: 'brand/144', reason: 'forbidden' }),
    {
      subject: 'brand/144',
      remedy: expect.stringContaining('brand_id'),
      command: expect.stringContaining('dash brands'),
    },
  ],
  [
    'paused',
    open({ scope: 'feed/newsroom', by: 'person', reason: 'person', openUntil: null }),
    { command: expect.stringContaining('resume --feed newsroom') },
  ],
  ['rate-limited', open({ scope: 'all', reason: 'throttled', openUntil: now + 9 }), { nextAt: now + 9 }],
  [
    'feed-failing',
    { feeds: [{ id: 'newsroom', health: 'failing', trouble }] },
    {
      subject: 'feed/newsroom',
      since: now - 9,
      lastTriedAt: now - 1,
      nextAt: now + 5,
      cause: trouble.message,
    },
  ],
  [
    'feed-failing',
    { feeds: [{ id: 'newsroom', health: 'gone', trouble }] },
    { nextAt: null, remedy: expect.stringContaining('url') },
  ],
  [
    'deliveries-refused',
    {
      webhooks: [
        {
          id: 'blog',
          secretNames: ['ghost'],
          refused: { outcome: 'refused', since: 1, at: now - 1, times: 3 },
          why: 'wrong secret',
        },
      ],
    },
    { subject: 'webhook/blog', since: 1, count: 3, cause: 'wrong secret' },
  ],
  ['outcome-unknown', waiting({ uncertain: some(2) }), { count: 2, since: 5, entries: some(2).entries }],
  ['entries-rejected', waiting({ rejected: some(1) }), { count: 1 }],
  ['entries-held', waiting({ held: some(9) }), { command: expect.stringContaining('--state held') }],
  [
    'batch-held',
    { batches: [{ id: 'newsroom.12', feed: 'newsroom', since: 5, why: 'Many old entries.', count: 24 }] },
    { count: 24, effect: expect.stringContaining('24 entries of feed newsroom') },
  ],
  [
    'entries-to-review',
    waiting({ review: some(3, now - day - 1) }),
    { level: 'fault', count: 3, command: expect.stringContaining('--state review') },
  ],
  [
    'entries-to-review',
    waiting({ review: some(1, now - day) }),
    { level: 'task', title: '1 entry to review' },
  ],
  [
    'article-changed',
    waiting({ changed: some(2) }),
    {
      level: 'task',
      title: '2 articles changed after the draft',
      command: expect.stringContaining('list --changed'),
    },
  ],
  ['possible-duplicates', waiting({ duplicate: some(1) }), { count: 1, since: 5 }],
  ['not-as-configured', waiting({ notAsConfigured: some(1) }), { count: 1, entries: some(1).entries }],
  ['dead-letters', { queues: { feedsDeadLetters: 1, draftsDeadLetters: 2 } }, { count: 3 }],
  [
    'alert',
    {
      alerts: [{ id: 'possible-gap/newsroom', kind: 'possible-gap', since: 5, count: null, text: 'A gap.' }],
    },
    { cause: 'A gap.', since: 5 },
  ],
];

describe('problemsIn', () => {
  it('finds nothing when everything works', () => expect(problemsIn(healthy)).toEqual([]));

  it.each(occasions)('reports %s given %j', (kind, given, expected) => {
    expect(problemsIn({ ...healthy, ...given })).toEqual([expect.objectContaining({ kind, ...expected })]);
  });

  it('has an occasion for every kind', () => {
    expect(problemKinds.filter((kind) => !occasions.some(([known]) => known === kind))).toEqual([]);
  });

  it.each(occasions)('names cause, effect and remedy of %s in full sentences', (_, given) => {
    for (const { cause, effect, remedy } of problemsIn({ ...healthy, ...given }))
      for (const text of [effect, remedy, cause.replace('wrong secret', 'Wrong secret.')])
        expect(text).toMatch(/^[A-Z0-9].*(\.|npm start)$/);
  });

  it('lists the worst problems first, the oldest first within a kind', () => {
    const facts: HealthFacts = {
      ...healthy,
      ...waiting({ held: some(1, 1) }),
      circuits: [
        aCircuitRow({ scope: 'brand/7', reason: 'forbidden', openedAt: 9 }),
        aCircuitRow({ scope: 'brand/144', reason: 'forbidden', openedAt: 3 }),
      ],
      lastTick: null,
    };

    expect(problemsIn(facts).map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      'ticks-stopped all',
      'brand-stopped brand/144',
      'brand-stopped brand/7',
      'entries-held all',
    ]);
  });

  it('names the secret of a webhook whose deliveries are refused', () => {
    const refused = { outcome: 'refused' as const, since: 1, at: now, times: 2 };
    const webhooks = [{ id: 'blog', secretNames: ['ghost'], refused, why: 'wrong secret' }];

    const [problem] = problemsIn({ ...healthy, webhooks });

    expect(problem?.remedy).toContain('secret set ghost');
  });

  it('forgets a refused delivery after a week', () => {
    const refused = { outcome: 'refused' as const, since: 1, at: now - 8 * 86_400_000, times: 1 };

    const webhooks = [{ id: 'blog', secretNames: ['ghost'], refused, why: 'wrong secret' }];
    expect(problemsIn({ ...healthy, webhooks })).toEqual([]);
  });

  it('omits an alert about another listed problem', () => {
    const alerts = [{ id: 'x', kind: 'feed-failing' as const, since: 1, count: null, text: 'x' }];

    expect(problemsIn({ ...healthy, alerts })).toEqual([]);
  });
});

describe('the groups of the inbox', () => {
  const failing = (failures: number, health = 'failing'): Partial<HealthFacts> => ({
    feeds: [{ id: 'newsroom', health, trouble: { ...trouble, failures } }],
  });
  const groups: [Problem['group'], string, Partial<HealthFacts>][] = [
    ['needs-you', 'nothing is running', { isRunning: false }],
    ['needs-you', 'the schedule stopped', { lastTick: null }],
    ['resolves-itself', 'a clock was wrong', { lastTick: now + 60 * minute }],
    ['needs-you', 'someone paused posting', open({ scope: 'all', by: 'person', reason: 'person' })],
    ['needs-you', 'the token is refused', open({ scope: 'all', reason: 'unauthorized' })],
    ['needs-you', 'a brand is refused', open({ scope: 'brand/144', reason: 'forbidden' })],
    ['resolves-itself', 'the rate limit is reached', open({ scope: 'all', reason: 'throttled' })],
    [
      'resolves-itself',
      'Dash Social is down',
      open({ scope: 'all', reason: 'outage', openedAt: now - day + 1 }),
    ],
    [
      'needs-you',
      'Dash Social is down for a day',
      open({ scope: 'all', reason: 'outage', openedAt: now - day }),
    ],
    ['resolves-itself', 'a feed failed twice', failing(2)],
    ['needs-you', 'a feed failed three times', failing(3)],
    ['needs-you', 'a feed is gone', failing(1, 'gone')],
    ['needs-you', 'a post goes further than feeds.yml allows', waiting({ notAsConfigured: some(1) })],
    ['needs-you', 'an outcome is unknown', waiting({ uncertain: some(1) })],
    ['needs-you', 'entries are to be reviewed', waiting({ review: some(1, now) })],
    ['needs-you', 'messages failed', { queues: { feedsDeadLetters: 1, draftsDeadLetters: 0 } }],
  ];

  it.each(groups)('%s: %s', (group, _, given) => {
    const problems = problemsIn({ ...healthy, ...given });

    expect(problems.map((problem) => problem.group)).toEqual([group]);
    expect(needingYou(problems)).toHaveLength(group === 'needs-you' ? 1 : 0);
  });

  it('rank a post that goes further than feeds.yml allows before other decisions', () => {
    const all = waiting({ notAsConfigured: some(1), uncertain: some(1), held: some(1), rejected: some(1) });

    expect(problemsIn({ ...healthy, ...all })[0]?.kind).toBe('not-as-configured');
  });
});

describe('postingLight', () => {
  const person = { by: 'person', reason: 'person', openUntil: null } as const;
  const lights: [PostingLight, string, Partial<CircuitRow>[]][] = [
    ['posting', 'no circuit is open', []],
    ['partly', 'a feed is paused', [{ scope: 'feed/newsroom', ...person }]],
    ['partly', 'the rate limit is reached', [{ scope: 'all', reason: 'throttled' }]],
    ['paused', 'all posting is paused', [{ scope: 'all', ...person }]],
    ['paused', 'a brand is paused', [{ scope: 'brand/144', ...person }]],
    ['stopped', 'the only brand is refused', [{ scope: 'brand/144', reason: 'forbidden' }]],
    ['stopped', 'Dash Social is down', [{ scope: 'all', reason: 'outage' }]],
    [
      'stopped',
      'it is paused and refused',
      [
        { scope: 'all', ...person },
        { scope: 'all', reason: 'no-token' },
      ],
    ],
  ];

  it.each(lights)('is %s when %s', (light, _, circuits) => {
    expect(
      postingLight(
        circuits.map((given) => aCircuitRow(given)),
        [],
      ),
    ).toBe(light);
  });

  it.each([{ isRunning: false }, { lastTick: null }])('is never green while nothing works: %j', (given) => {
    expect(postingLight([], problemsIn({ ...healthy, ...given }))).toBe('stopped');
  });
});
