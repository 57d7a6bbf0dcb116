import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../lib/config.ts';
import type { FeedConfig } from '../../../lib/core/config/config.ts';
import type { MediumOutcome } from '../../../lib/core/dash/medium.ts';
import { noEditorial } from '../../../lib/core/editorial/editorial.ts';
import { moveEntries } from '../../../lib/jobs/operator/move-entries.ts';
import { fakeMedia } from '../../support/fake-media.ts';
import { hookWorld, webhookOf } from '../../support/hook-world.ts';
import type { World } from '../../support/world.ts';
import { queued } from './queued-drafts.ts';

const publicVideo: Partial<FeedConfig> = { publish: 'now', post: { media_ids: [7] } };
const gone: MediumOutcome = { kind: 'missing' };
const silent: MediumOutcome = { kind: 'unknown', code: 'dash.timeout', message: 'No response' };

const only = (w: World) => w.rows()[0];
const codesOf = (w: World) => only(w)?.history.map(({ code }) => code);

/** Counts the requests to the Library. */
const counted = (w: World) => {
  const asked: { brand: number; id: number }[] = [];
  const { readMedium } = w.services;
  w.services.readMedium = async (medium) => {
    asked.push({ brand: medium.brand, id: medium.id });
    return readMedium(medium);
  };
  w.newWorker();
  return asked;
};

describe('a post that goes public with a video', () => {
  it('is sent when the video may be published', async () => {
    const w = await queued(1, [publicVideo]);
    const asked = counted(w);

    await w.deliverWakeUps();

    expect(asked).toEqual([{ brand: 144, id: 7 }]);
    expect(w.sent).toMatchObject([{ status: 'AUTOPUBLISHING', media_ids: [7] }]);
    expect(codesOf(w)).not.toContain('media.unchecked');
  });

  it('is held when the video does not exist, and sent once it does', async () => {
    const w = await queued(1, [publicVideo]);
    w.state.medium = gone;

    await w.deliverWakeUps();

    expect(w.sent).toEqual([]);
    expect(only(w)).toMatchObject({
      state: 'held',
      attempts: 0,
      history: [{}, { code: 'media.unusable', detail: 'video 7 is not in the Library of brand 144' }],
    });
    expect(w.reported('draft.held')).toMatchObject([{ code: 'media.unusable' }]);

    w.state.medium = { kind: 'found', medium: { status: null, from: null, until: null, rightsUntil: null } };
    await moveEntries(w.services, w.rows(), { move: 'release', by: 'an operator' });
    await w.deliverWakeUps();

    expect(w.sent).toHaveLength(1);
  });

  it('is held again when released before the video may be published', async () => {
    const w = await queued(1, [publicVideo]);
    w.state.medium = gone;
    await w.deliverWakeUps();

    await moveEntries(w.services, w.rows(), { move: 'release', by: 'an operator' });
    await w.deliverWakeUps();

    expect(w.sent).toEqual([]);
    expect(only(w)?.state).toBe('held');
  });

  it('is checked for the time that it is scheduled for', async () => {
    const library = fakeMedia();
    library.set(7, { can_publish_within: { start: '2026-01-01', end: '2026-01-10T00:00:00Z' } });
    const scheduledFor = async (timestamp: string) => {
      const w = await queued(1, [{ publish: 'schedule', post: { media_ids: [7], timestamp } }]);
      w.services.readMedium = library.readMedium;
      w.newWorker();
      await w.deliverWakeUps();
      return only(w);
    };

    expect(await scheduledFor('2026-01-09T09:00:00Z')).toMatchObject({ state: 'drafted' });
    expect(await scheduledFor('2026-01-11T09:00:00Z')).toMatchObject({
      state: 'held',
      history: [{}, { code: 'media.unusable', detail: expect.stringContaining('2026-01-11T09:00:00.000Z') }],
    });
  });

  it('is sent when the video cannot be checked, and its history records that once', async () => {
    const w = await queued(1, [publicVideo]);
    w.state.medium = silent;
    w.state.response = 'not-created';
    await w.deliverWakeUps();
    w.state.response = 'created';

    await w.minutes(10);

    expect(w.sent.length).toBeGreaterThan(1);
    expect(only(w)?.state).toBe('drafted');
    expect(codesOf(w)?.filter((code) => code === 'media.unchecked')).toHaveLength(1);
    expect(w.reported('draft.media-unchecked')[0]).toMatchObject({
      code: 'dash.timeout',
      message: 'No response',
    });
  });

  it('that is held counts towards no limit of its feed', async () => {
    const limits = { ...noEditorial.limits, perDay: 1 };
    const w = await queued(2, [{ ...publicVideo, editorial: { ...noEditorial, limits } }]);
    const { readMedium } = w.services;
    let first = true;
    w.services.readMedium = async (medium) => {
      const outcome = first ? gone : await readMedium(medium);
      first = false;
      return outcome;
    };
    w.newWorker();

    await w.deliverWakeUps();

    expect(w.sums()).toEqual({ held: 1, drafted: 1 });
  });

  it('takes a turn of the rate limit for the request, and waits if there is none', async () => {
    const w = await queued(1, [publicVideo]);
    const turns = [true, false, true, true];
    w.services.acquireTurn = async () => turns.shift() ?? true;
    w.newWorker();

    await w.deliverWakeUps();
    expect(w.sent).toEqual([]);
    expect(only(w)?.state).toBe('queued');
    await w.minutes(5);

    expect(w.sent).toHaveLength(1);
  });

  it('is not checked while its feed is paused', async () => {
    const w = await queued(1, [publicVideo]);
    const asked = counted(w);
    w.config.feeds = w.config.feeds.map((feed) => ({ ...feed, paused: true }));

    await w.deliverWakeUps();

    expect(asked).toEqual([]);
    expect(w.sent).toEqual([]);
  });
});

describe('no video is checked', () => {
  it.each<[string, Partial<FeedConfig>]>([
    ['of a draft', { post: { media_ids: [7] } }],
    ['of a post without one', {}],
  ])('%s', async (_, feed) => {
    const w = await queued(1, [feed]);
    w.state.medium = gone;
    const asked = counted(w);

    await w.deliverWakeUps();

    expect(asked).toEqual([]);
    expect(w.sent).toHaveLength(1);
  });
});

it('the video of a webhook is checked', async () => {
  const webhook = webhookOf({}, { publish: 'now' });
  const w = hookWorld([webhook], [{ publish: 'now' }]);
  w.state.medium = gone;

  await w.deliver({ id: '1', title: 'A launch', link: 'https://www.example.com/1', media: [9] });
  await w.deliverWakeUps();

  expect(w.sent).toEqual([]);
  expect(w.rows()).toMatchObject([
    { state: 'held', history: [{}, { detail: 'video 9 is not in the Library of brand 144' }] },
  ]);
});

it('the example in docs/dash-social.md is held without its video', async () => {
  const page = readFileSync(new URL('../../../docs/dash-social.md', import.meta.url), 'utf8');
  const [example = ''] = [...page.matchAll(/^```yaml\n(webhooks:[\s\S]*?)^```/gm)].map(([, text]) => text);
  const [documented] = readConfig(example, 'feeds.yml').webhooks;
  const w = hookWorld([webhookOf({ hasFeed: false }, documented?.mapping)], []);
  const payload = { id: '1', title: 'A launch', link: 'https://www.example.com/1', media: [7] };
  w.state.medium = gone;

  await w.deliver(payload);
  await w.deliverWakeUps();

  expect(w.rows()).toMatchObject([{ state: 'held', history: [{}, { code: 'media.unusable' }] }]);
});
