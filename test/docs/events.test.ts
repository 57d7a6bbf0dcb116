import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { latestOnly, receiver } from '../../examples/events/receive.mjs';
import { postEvent } from '../../lib/adapters/post-event.ts';
import { readConfig } from '../../lib/config.ts';
import { ChangeEvent } from '../../lib/core/change-events/change-event.ts';
import { signStandardWebhook } from '../../lib/webhooks/sign-standard-webhook.ts';
import { aChangeEvent } from '../support/change-events.ts';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const page = read('docs/events.md');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text = '']) => text,
  );

describe('docs/events.md', () => {
  it.each(blocks('yaml'))('shows valid settings: %s', (text) => {
    expect(readConfig(`feeds: {}\n${text}`, 'feeds.yml').events).toBeDefined();
  });

  it('shows an event of this schema, and a rule that it matches', () => {
    const [event, rule] = blocks('json').map((text) => JSON.parse(text));

    expect(v.safeParse(ChangeEvent, event).issues).toBeUndefined();
    expect(rule).toEqual({
      source: ['rss-drafts'],
      'detail-type': [event.type],
      detail: { stage: [event.stage] },
    });
  });

  it('has the rule in the example template', () => {
    const { Resources } = parse(read('examples/events/rule.yml'), { logLevel: 'silent' });

    expect(Resources.NewDraftsRule.Properties.EventPattern).toEqual(JSON.parse(blocks('json')[1] ?? ''));
  });
});

it('the example takes an event that it failed to handle when it is sent again', () => {
  let failures = 1;
  const take = latestOnly(() => {
    if (failures-- > 0) throw new Error('the database is away');
  });
  const event = { ...aChangeEvent(), rev: 3 };

  expect(() => take(event)).toThrow('away');
  expect(take(event)).toBe(true);
  expect(take(event)).toBe(false);
});

const secret = 'bXktc2VjcmV0LW9mLXRoaXMtdGVzdA==';

/** The example's receiver on a free port, and a sender to it. */
const running = async () => {
  const news: ChangeEvent[] = [];
  const server = receiver(
    secret,
    latestOnly((event: ChangeEvent) => void news.push(event)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const post = postEvent({ userAgent: 'tests', allowPrivate: true });
  return {
    news,
    send: (event: ChangeEvent, signedWith = secret) => {
      const body = JSON.stringify(event);
      return post(url, body, signStandardWebhook({ id: event.id, body, at: Date.now() }, [signedWith]));
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

describe('the example receiver', () => {
  const version = (rev: number) => ({ ...aChangeEvent(), rev, id: `x#${rev}` });

  it('takes signed events, and drops those that are repeated or older', async () => {
    await using consumer = await running();

    for (const rev of [1, 3, 3, 2, 4]) await consumer.send(version(rev));

    expect(consumer.news.map(({ rev }) => rev)).toEqual([1, 3, 4]);
  });

  it('refuses an event with another signature', async () => {
    await using consumer = await running();

    await expect(consumer.send(version(1), 'YW5vdGhlci1zZWNyZXQ=')).rejects.toMatchObject({
      code: 'event.not-taken',
    });
    expect(consumer.news).toEqual([]);
  });
});
