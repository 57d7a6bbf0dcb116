import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { rssOf } from '../support/embedded-world.ts';
import { story } from '../support/entries.ts';
import { localPublisher } from '../support/local-publisher.ts';
import { runFixture } from '../support/run-fixture.ts';

const { data, file, onceAsJson, runOver } = runFixture();

const write = async (content: string) => {
  await writeFile(file('feeds.yml'), content);
  return file('feeds.yml');
};

describe('a local run with hooks', () => {
  test('sends what the hook answered, and a hook that takes its whole limit delays no other draft', async () => {
    await using site = await localPublisher((request, response) => {
      const at = ['/plain', '/hooked', '/slow'].indexOf(request.url ?? '') + 1;
      response.end(rssOf([story(at)]));
    });
    const questions: { body: string; headers: Record<string, string> }[] = [];
    await using hook = await localPublisher(async (request, response) => {
      questions.push({ body: await text(request), headers: request.headers as Record<string, string> });
      response.end(JSON.stringify({ text: 'From the hook', media_ids: [4711] }));
    });
    await using slow = await localPublisher(() => {}); // never answers
    const config = await write(`
defaults: { brand_id: 144, backfill: 1, allow_private: true, dedupe: feed }
feeds:
  plain: { url: "${site.origin}/plain" }
  hooked: { url: "${site.origin}/hooked", enrich: { url: "${hook.origin}", secret_name: hook, allow_private: true } }
  slow: { url: "${site.origin}/slow", enrich: { url: "${slow.origin}", secret_name: hook, allow_private: true, timeout: 4s } }
`);

    const result = await onceAsJson(['--config', config]);

    expect(result.ledger).toEqual({ drafted: 2, enriching: 1 });
    const posts = Object.fromEntries(result.drafts.map(({ feed, post }) => [feed, post]));
    expect(posts.hooked).toMatchObject({ text: 'From the hook', media_ids: [4711], status: 'DRAFT' });
    expect(posts.plain).not.toHaveProperty('media_ids');
    const secrets = JSON.parse(await readFile(join(data(), 'secrets.json'), 'utf8'));
    const [question, ...others] = questions;
    expect(others).toEqual([]);
    expect(new Webhook(secrets.hook).verify(question?.body ?? '', question?.headers ?? {})).toMatchObject({
      version: 1,
      preview: false,
      feed: 'hooked',
    });
    const log = (await readFile(join(data(), 'log.jsonl'), 'utf8')).trim().split('\n');
    const order = log.flatMap((line) => {
      const { message, data: of } = JSON.parse(line) as { message?: string; data?: { feed?: string } };
      return message === 'draft.created' || message === 'hook.asked' ? [`${message} ${of?.feed}`] : [];
    });
    expect(order.at(-1)).toBe('hook.asked slow');
    expect(order.toSorted()).toEqual([
      'draft.created hooked',
      'draft.created plain',
      'hook.asked hooked',
      'hook.asked slow',
    ]);
  });

  test('refuses a Lambda function with the way out', async () => {
    const config = await write(`
defaults: { brand_id: 144, enrich: { lambda: "arn:aws:lambda:eu-central-1:111122223333:function:f" } }
feeds: { one: { url: "https://www.example.com/feed.xml" } }
`);

    const { code, errors } = await runOver(['--once', '--config', config]);

    expect({ code, errors }).toEqual({
      code: 1,
      errors: expect.stringContaining('a local run cannot invoke'),
    });
  });
});
