import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { EnrichConfig } from '../../lib/core/config/config.ts';
import { maxAnswerBytes } from '../../lib/core/enrich/answer.ts';
import { questionAbout } from '../../lib/core/enrich/question.ts';
import { hooksByTarget } from '../../lib/services/hooks.ts';
import { postOf, rowOf } from '../support/entries.ts';
import { localPublisher } from '../support/local-publisher.ts';

const secret = `whsec_${Buffer.from('a secret of twenty-four.').toString('base64')}`;
const askHook = hooksByTarget({ secret: async (name) => (name === 'hook' ? secret : null), clock: Date.now });
const at = (
  url: string,
  more: Partial<Extract<EnrichConfig['target'], { kind: 'url' }>> = {},
): EnrichConfig => ({
  target: { kind: 'url', url, secretNames: ['hook'], allowPrivate: true, ...more },
  timeoutMs: 300,
  onFailure: 'hold',
});
const question = (preview = false) =>
  questionAbout({ row: rowOf({ key: 'k1' }), stored: null, post: postOf('A caption'), preview });
const failure = (asked: Promise<unknown>) =>
  asked.then(
    () => 'none',
    ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
  );

describe('a hook at a web address', () => {
  it('gets the question, signed by Standard Webhooks with the key of the entry as its ID', async () => {
    const bodies: string[] = [];
    await using hook = await localPublisher(async (request, response) => {
      bodies.push(await text(request));
      response.writeHead(200).end('{"text":"Better"}');
    });

    const answers = [
      await askHook(at(hook.origin), question()),
      await askHook(at(hook.origin), question(true)),
    ];

    expect(answers).toEqual([{ text: 'Better' }, { text: 'Better' }]);
    const headers = hook.visits.map((visit) => visit.headers as Record<string, string>);
    expect(headers.map((one) => one['webhook-id'])).toEqual(['k1', 'preview_k1']);
    expect(new Webhook(secret).verify(bodies[0] ?? '', headers[0] ?? {})).toEqual(question());
  });

  it.each([
    [200, '', undefined],
    [204, '', undefined],
    [200, 'null', null],
  ])('may answer %i %j', async (status, body, answer) => {
    await using hook = await localPublisher((_, response) => response.writeHead(status).end(body));

    expect(await askHook(at(hook.origin), question())).toBe(answer);
  });

  it.each([
    [500, 'enrich.failing: '],
    [429, 'enrich.failing: '],
    [400, 'enrich.refused: '],
    [302, 'enrich.redirected: '],
  ])('that responds with %i fails as %s', async (status, code) => {
    await using hook = await localPublisher((_, response) =>
      response.writeHead(status, { location: 'https://elsewhere.example/' }).end(),
    );

    expect(await failure(askHook(at(hook.origin), question()))).toContain(code);
    expect(hook.visits).toHaveLength(1);
  });

  it('that gives no answer in time, too much, or no JSON fails', async () => {
    await using slow = await localPublisher((_, response) => response.writeHead(200).write('{'));
    await using large = await localPublisher((_, response) =>
      response.writeHead(200).end(JSON.stringify({ text: 'x'.repeat(maxAnswerBytes) })),
    );
    await using page = await localPublisher((_, response) => response.writeHead(200).end('<html>'));

    expect(await failure(askHook(at(slow.origin), question()))).toContain('enrich.timeout: ');
    expect(await failure(askHook(at(large.origin), question()))).toContain('enrich.too-large: ');
    expect(await failure(askHook(at(page.origin), question()))).toBe(
      'enrich.not-json: the answer is not JSON but 6 characters of something else',
    );
  });

  it('is never reached at a private address by default, nor at that of cloud credentials', async () => {
    await using hook = await localPublisher((_, response) => response.end('{}'));

    expect(await failure(askHook(at(hook.origin, { allowPrivate: false }), question()))).toContain(
      'enrich.refused-address: ',
    );
    expect(await failure(askHook(at('http://169.254.169.254/'), question()))).toContain(
      'enrich.refused-address: ',
    );
    expect(hook.visits).toEqual([]);
  });

  it('is not asked without a stored secret', async () => {
    expect(await failure(askHook(at('http://127.0.0.1:9/', { secretNames: ['other'] }), question()))).toBe(
      'enrich.no-secret: no secret other is stored, which signs the requests to the hook: store it with secret set other',
    );
  });
});
