import { expect, it } from 'vitest';
import { type FoundWrong, runFoundWrong } from '../support/every-await.ts';

// Crash points that once broke a promise, here or under the named fault of test/mutants. Every run tests them,
// whatever its sample. When every-await-* fails, it prints such a line: add it here.
const edited = 'an entry whose title is edited a minute later';
const backfill = 'a first poll with a backfill, and a new entry a minute later';
const reissue = 'a mass re-issue with one entry that is new';
const twoFeeds = 'one story in two feeds of a brand';
const untitled = 'an entry without the title that its caption needs, beside one that has it';
const limited = 'two new entries of a feed that may have one draft a day';

const foundWrong: (FoundWrong & { fault: string })[] = [
  {
    fault: 'uncertain-sent-again',
    policy: 'auto',
    story: 'two new entries',
    responses: ['lost, not created', 'lost, not created'],
    delivery: 'in order',
    deaths: ['after dash.create 4'],
  },
  {
    fault: 'uncertain-sent-again',
    policy: 'auto',
    story: edited,
    responses: ['throttled', 'created'],
    delivery: 'reversed',
    deaths: ['after dash.create 2'],
  },
  {
    fault: 'uncertain-sent-again',
    policy: 'auto',
    story: untitled,
    responses: ['throttled', 'created'],
    delivery: 'twice',
    deaths: ['after ledger.insert 4'],
  },
  {
    fault: 'uncertain-sent-again',
    policy: 'auto',
    story: reissue,
    responses: ['lost, not created', 'created'],
    delivery: 'twice',
    deaths: ['before ledger.replace 5'],
  },
  {
    fault: 'pointer-trusted-without-entry',
    policy: 'park',
    story: 'two new entries',
    responses: ['lost, not created', 'created'],
    delivery: 'twice',
    deaths: ['after ledger.insert 1'],
  },
  {
    fault: 'pointer-trusted-without-entry',
    policy: 'auto',
    story: edited,
    responses: ['lost, created', 'created'],
    delivery: 'in order',
    deaths: ['before ledger.insert 2'],
  },
  {
    fault: 'pointer-trusted-without-entry',
    policy: 'auto',
    story: twoFeeds,
    responses: ['lost, not created', 'created'],
    delivery: 'twice',
    deaths: ['after ledger.insert 1'],
  },
  {
    fault: 'pointer-trusted-without-entry',
    policy: 'auto',
    story: backfill,
    responses: ['lost, not created', 'created'],
    delivery: 'in order',
    deaths: ['after ledger.insert 1'],
  },
  {
    fault: 'pointer-trusted-without-entry',
    policy: 'park',
    story: reissue,
    responses: ['not-created', 'created'],
    delivery: 'reversed',
    deaths: ['after ledger.insert 11'],
  },
  {
    fault: 'pointer-trusted-without-entry',
    policy: 'retry',
    story: limited,
    responses: ['lost, created', 'created'],
    delivery: 'in order',
    deaths: ['after ledger.insert 3'],
  },
  {
    fault: 'row-without-wake-time',
    policy: 'park',
    story: edited,
    responses: ['not-created', 'created'],
    delivery: 'in order',
    deaths: ['before queues.sendWakeUps 1'],
  },
  {
    fault: 'row-without-wake-time',
    policy: 'park',
    story: twoFeeds,
    responses: ['lost, created late', 'created'],
    delivery: 'in order',
    deaths: ['after ledger.read 5'],
  },
  {
    fault: 'row-without-wake-time',
    policy: 'retry',
    story: limited,
    responses: ['throttled', 'created'],
    delivery: 'in order',
    deaths: ['after circuits.rows 1'],
  },
  {
    fault: 'row-without-wake-time',
    policy: 'retry',
    story: backfill,
    responses: ['lost, not created', 'created'],
    delivery: 'in order',
    deaths: ['after ledger.insert 8'],
  },
];

it.each(foundWrong)('breaks no promise: $fault, $policy, $story, $deaths', async (found) => {
  expect(await runFoundWrong(found)).toEqual([]);
});

it('fails for a death at an unknown call, and lists the known ones', async () => {
  const gone: FoundWrong = {
    policy: 'park',
    story: 'two new entries',
    responses: ['created'],
    delivery: 'in order',
    deaths: ['after ledger.renamed 1'],
  };

  await expect(runFoundWrong(gone)).rejects.toThrow(/no call is "after ledger.renamed 1".*ledger\.insert/);
});
