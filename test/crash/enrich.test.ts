import { describe, expect, it } from 'vitest';
import type { EnrichConfig, FeedConfig } from '../../lib/core/config/config.ts';
import { retryable } from '../../lib/core/errors.ts';
import { story } from '../support/entries.ts';
import { world } from '../support/world.ts';

const enrich: EnrichConfig = {
  target: { kind: 'url', url: 'https://hook.example.com/', secretNames: ['hook'], allowPrivate: false },
  timeoutMs: 20_000,
  onFailure: 'hold',
};
const entry = story(2);

type Crash = { call: number; side: 'before' | 'after' };

/** A new entry from its poll to its draft, by a process that dies at one call of a port and is started again. */
const runWith = async (
  crash: Crash | null,
  { feed, answer }: { feed: Partial<FeedConfig>; answer: unknown },
) => {
  const death = { armed: false, calls: 0 };
  const askedAgain: string[] = [];
  const dieAt = (side: Crash['side']) => {
    if (death.armed && crash?.call === death.calls && crash.side === side) throw new Error('killed');
  };
  const w = world([{ enrich, whenUncertain: 'auto', ...feed }], {
    before: (name) => {
      if (name === 'hook.ask' && w.rowTitled(String(entry.title))?.enriched) askedAgain.push(name);
      death.calls += death.armed ? 1 : 0;
      dieAt('before');
    },
    after: () => dieAt('after'),
  });
  w.state.answer = answer;
  w.publish([story(1)]);
  await w.poll();
  w.publish([entry, story(1)]);

  death.armed = true;
  for (let steps = 0; steps < 20; steps++) {
    await w.minutes(1).catch((error: Error) => {
      expect(error.message).toBe('killed');
      w.newWorker();
    });
    if (steps === 6) death.armed = false; // it has had every chance to die
  }
  const row = w.rowTitled(String(entry.title));
  return { calls: death.calls, row, asked: w.asked, askedAgain, sent: w.sent };
};

const everyDeath = async (scene: Parameters<typeof runWith>[1]) => {
  const { calls } = await runWith(null, scene);
  const crashes = Array.from({ length: calls }, (_, i) => i + 1).flatMap((call): Crash[] => [
    { call, side: 'before' },
    { call, side: 'after' },
  ]);
  expect(crashes.length).toBeGreaterThan(50);
  const ends = [];
  for (const crash of crashes) ends.push({ crash, ...(await runWith(crash, scene)) });
  return ends;
};

describe('a process that dies at any await of a feed with a hook', () => {
  it('loses no entry, sends none without the answer, and asks again only before an answer is kept', async () => {
    const ends = await everyDeath({ feed: {}, answer: { text: 'From the hook' } });

    for (const { crash, row, asked, askedAgain, sent } of ends) {
      expect([crash, row?.state]).toEqual([crash, 'drafted']);
      expect([crash, ...new Set(sent.map(({ text }) => text))]).toEqual([crash, 'From the hook']);
      expect([crash, asked.length <= 2, askedAgain]).toEqual([crash, true, []]);
      expect(new Set(asked.map(({ key }) => key)).size).toBe(1);
    }
  });

  it('leaves the entry to a review with the answer', async () => {
    const ends = await everyDeath({ feed: { review: true }, answer: { text: 'From the hook' } });

    for (const { crash, row, sent } of ends)
      expect([crash, row?.state, row?.post?.text, sent]).toEqual([crash, 'review', 'From the hook', []]);
  });

  it('sends nothing that the hook refused', async () => {
    const ends = await everyDeath({ feed: {}, answer: { skip: 'no video' } });

    for (const { crash, row, sent } of ends)
      expect([crash, row?.state, sent]).toEqual([crash, 'filtered', []]);
  });

  it('sends nothing about which the hook gave no answer', async () => {
    const ends = await everyDeath({ feed: {}, answer: retryable('enrich.timeout', 'no answer') });

    for (const { crash, row, asked, sent } of ends)
      expect([crash, row?.state, asked.length <= 3, sent]).toEqual([crash, 'held', true, []]);
  });
});
