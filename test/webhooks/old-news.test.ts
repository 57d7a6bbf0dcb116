import { describe, expect, test } from 'vitest';
import type { SourceOptions } from '../../lib/core/webhooks/source-settings.ts';
import { type SourceName, sources } from '../../lib/webhooks/sources.ts';
import { hookWorld, requestFor } from '../support/hook-world.ts';
import { now, payloadOf, webhookFrom } from './delivery.ts';
import { cases } from './signers.ts';

const secret = 'a1'.repeat(32);

const received = async (from: SourceName, options: Partial<SourceOptions>, payload: unknown) => {
  const made = webhookFrom(from, options);
  const webhook = { ...made, mapping: { ...made.mapping, maxAgeMs: 30 * 86_400_000 } };
  const w = hookWorld([webhook], [], { clock: () => now, secret: async () => secret });
  w.state.now = now;
  const { outcome } = await w.receive(requestFor(webhook, JSON.stringify(payload), now, secret), webhook.id);
  return { outcome, why: w.rows()[0]?.history.at(-1)?.code };
};

describe.each(sources)(
  '[27] an entry years old, sent by an import or a second publication, from $name',
  ({ name }) => {
    const { oldEntries } = cases[name];

    test('has test cases', () => {
      expect(oldEntries.length).toBeGreaterThan(0);
    });

    test.each(oldEntries)('is $outcome with $options', async ({ outcome, options, setDate }) => {
      const payload = payloadOf(name);
      const fresh = await received(name, options, payload);
      setDate(payload);

      expect(fresh).toEqual({ outcome: 'queued', why: 'entry.webhook' });
      expect(await received(name, options, payload)).toEqual({ outcome, why: 'entry.old-news' });
    });
  },
);
