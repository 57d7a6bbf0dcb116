import { json } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../lib/core/enrich/answer.ts';
import { type Question, questionAbout } from '../../lib/core/enrich/question.ts';
import type { Entry } from '../../lib/core/entries/entry.ts';
import { toStoredEntry } from '../../lib/core/entries/stored-entry.ts';
import { postOf, rowOf, story } from '../support/entries.ts';
import { localPublisher } from '../support/local-publisher.ts';

type Example = { answer: (question: Question, env: Record<string, string>) => Promise<unknown> };
const example: Example = await import(new URL('../../examples/enrich/handler.mjs', import.meta.url).href);

const post = postOf('A caption');
const video = { url: 'https://cdn.example.com/a.mp4', type: 'video/mp4', length: null, durationS: 30 };
const about = (entry: Partial<Entry>, preview = false): Question =>
  questionAbout({
    row: rowOf({ key: 'k1' }),
    stored: toStoredEntry({ ...story(1), ...entry }),
    post,
    preview,
  });

describe('examples/enrich', () => {
  it('uploads the video under the key of its entry, and answers with its ID', async () => {
    const bodies: unknown[] = [];
    await using service = await localPublisher(async (request, response) => {
      bodies.push(await json(request));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":4711}');
    });
    const env = { UPLOAD_URL: service.origin, UPLOAD_TOKEN: 'a-token' };

    const answer = await example.answer(about({ video }), env);

    expect(readAnswer(answer, post, 0)).toMatchObject({ kind: 'answered', fields: { media_ids: [4711] } });
    expect(bodies).toEqual([{ url: video.url }]);
    expect(service.visits[0]?.headers).toMatchObject({ 'idempotency-key': 'k1' });
  });

  it('refuses an entry without a video', async () => {
    const answer = await example.answer(about({ video: null }), {});

    expect(readAnswer(answer, post, 0)).toEqual({ kind: 'skipped', reason: 'the article has no video' });
  });

  it('uploads nothing for a preview', async () => {
    const answer = await example.answer(about({ video }, true), { UPLOAD_URL: 'http://127.0.0.1:9/' });

    expect(readAnswer(answer, post, 0)).toMatchObject({ kind: 'answered', fields: {} });
  });

  it('fails if the upload fails, so that it is asked again', async () => {
    await using service = await localPublisher((_, response) => response.writeHead(503).end());

    await expect(example.answer(about({ video }), { UPLOAD_URL: service.origin })).rejects.toThrow('503');
  });
});
