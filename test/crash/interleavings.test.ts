import { describe, expect, it } from 'vitest';
import { pausedCircuit } from '../../lib/core/circuit/circuit-breaker.ts';
import type { CircuitRow } from '../../lib/core/circuit/circuit-row.ts';
import { leaseMs } from '../../lib/core/dash/timing.ts';
import { AppError } from '../../lib/core/errors.ts';
import type { EntryRow, WhenUncertain } from '../../lib/core/ledger/row.ts';
import { type Move, makeMove } from '../../lib/core/operator/moves.ts';
import type { WakeUp } from '../../lib/core/ports.ts';
import { changeRow } from '../../lib/jobs/change-row.ts';
import { editEntry } from '../../lib/jobs/operator/edit-entry.ts';
import { moveEntries, undoMoves } from '../../lib/jobs/operator/move-entries.ts';
import { registerEntry } from '../../lib/jobs/register-entry.ts';
import { candidateOf } from '../support/candidates.ts';
import { stuck } from '../support/crash-run.ts';
import { feedOf, story } from '../support/entries.ts';
import { explore } from '../support/explore.ts';
import { allResponses } from '../support/failures.ts';
import { chooseSample, deathsInTwoPolls, drawn } from '../support/sample.ts';
import { bringToRest, ofActing, sceneIn, timePasses } from '../support/scene.ts';
import { type Response, type World, world } from '../support/world.ts';

const sample = chooseSample(process.env.SAMPLE);
const deaths = deathsInTwoPolls(sample);

/** One in `oneIn` rows of a table, chosen by the commit's tree; all rows with SAMPLE=all. */
const partOf = <T>(oneIn: 5 | 10, rows: T[]): T[] => drawn(sample, oneIn, rows);

const policies: WhenUncertain[] = ['park', 'retry', 'auto'];
const underEach = <T extends object>(rows: T[]) =>
  rows.flatMap((row) => policies.map((policy) => ({ ...row, policy })));
const everyResponse = underEach(allResponses.map((response) => ({ response })));

/** A world with one queued entry, whose wake-up has been taken from the queue. */
const oneQueued = async (whenUncertain: WhenUncertain, response: Response = 'created') => {
  const w = world([{ whenUncertain }], ofActing);
  await w.poll();
  w.publish([story(1)]);
  await w.poll();
  w.state.response = response;
  const [wakeUp] = w.stores.queues.wakeUps.splice(0) as [WakeUp];
  return { w, wakeUp };
};

/** Lets everything work again until it is at rest, and returns each broken promise. */
const brokenAtRest = async (w: World): Promise<string[]> => {
  w.state.response = 'created';
  await bringToRest(w);
  const doubled = w.rows().flatMap(({ title, post, mayBeTwice }) => {
    const posts = w.posts.filter((sent) => sent.post.text === post?.text).length;
    return posts > 1 + mayBeTwice ? [`${title} has ${posts} posts`] : [];
  });
  return [...w.rows().flatMap(stuck), ...doubled];
};

/** IDs of posts that Dash Social confirmed and no row has. */
const forgotten = (w: World): number[] => {
  const known = new Set(w.rows().flatMap(({ postId, alsoPosted }) => [postId, ...alsoPosted]));
  return w.posts.map(({ id }) => id).filter((id) => !known.has(id));
};

describe('two workers with the same row', () => {
  it.each(partOf(5, everyResponse))(
    'make one draft, or record a possible duplicate, in any order and with a death; $policy, $response',
    async ({ policy, response }) => {
      await explore(
        async () => {
          const { w, wakeUp } = await oneQueued(policy, response);
          const work = () => w.worker()(wakeUp, w.call);
          return sceneIn(w, [work, work], async () => {
            expect(await brokenAtRest(w)).toEqual([]);
            expect(w.rows()).toHaveLength(1);
          });
        },
        { crashes: 1 },
      );
    },
  );
});

describe('one worker with two concurrent rows', () => {
  const pairs: [Response, Response][] = [
    ['created', 'created'],
    ['lost, created', 'created'],
    ['lost, not created', 'throttled'],
    ['unauthorized', 'lost, created'],
  ];
  it.each(partOf(5, underEach(pairs.map((responses) => ({ answers: responses })))))(
    'makes one draft of each, or records a possible duplicate, in any order and with a death; $policy, $responses',
    async ({ policy, answers: responses }) => {
      const explored = await explore(
        async () => {
          const w = world([{ whenUncertain: policy }], ofActing);
          await w.poll();
          w.publish([story(2), story(1)]);
          await w.poll();
          const { create } = w.services.dash;
          w.services.dash.create = (post, options) => {
            w.state.response = responses[post.text === 'Story 1' ? 0 : 1];
            return create(post, options);
          };
          const worker = w.worker();
          const works = w.stores.queues.wakeUps.splice(0).map((wakeUp) => () => worker(wakeUp, w.call));
          const atRest = async () => {
            w.services.dash.create = create;
            expect(await brokenAtRest(w)).toEqual([]);
            expect(w.rows()).toHaveLength(2);
          };
          return sceneIn(w, works, atRest, { oneMemory: true });
        },
        { crashes: 1 },
      );

      expect(explored.runs).toBeGreaterThan(20);
    },
  );
});

describe('two polls of one feed', () => {
  const polls = async (prepare: (w: World) => Promise<void>, states: object) =>
    explore(
      async () => {
        const w = world([{}], ofActing);
        await prepare(w);
        const poll = () => w.poll();
        return sceneIn(w, [poll, poll], async () => {
          await w.poll();
          expect(await brokenAtRest(w)).toEqual([]);
          expect(w.sums()).toEqual(states);
        });
      },
      { crashes: deaths },
    );

  it('register a new entry once', async () => {
    const prepare = async (w: World) => {
      w.publish([story(1)]);
      await w.poll();
      w.publish([story(2), story(1)]);
    };

    const explored = await polls(prepare, { baselined: 1, drafted: 1 });

    expect(explored.runs).toBeGreaterThan(50);
  });

  it('baseline existing entries when both are first polls', async () => {
    const prepare = async (w: World) => void w.publish([story(1)]);

    await polls(prepare, { baselined: 1 });
  });

  it('do not baseline an entry published while both were first polls', async () => {
    await explore(async () => {
      const w = world([{}], ofActing);
      w.publish([story(1)]);
      const second = async () => {
        await timePasses(w, 0)();
        if (w.stores.feedStore.memory.feeds.get('newsroom')?.facts) w.publish([story(2), story(1)]);
        await w.poll();
      };
      return sceneIn(w, [() => w.poll(), second], async () => {
        const wasPolledBefore = (w.docs.get(w.url()) as unknown[]).length === 2;
        expect(await brokenAtRest(w)).toEqual([]);
        expect(w.sums()).toEqual(wasPolledBefore ? { baselined: 1, drafted: 1 } : { baselined: 1 });
      });
    });
  });
});

describe('a sweep during a worker whose lease expires', () => {
  const mayComeLate: Response[] = ['created', 'lost, created late', 'rejected', 'throttled', 'not-created'];
  it.each(partOf(10, underEach(mayComeLate.map((response) => ({ response })))))(
    'loses no row and no post, in any order; $policy, $response',
    async ({ policy, response }) => {
      await explore(async () => {
        const { w, wakeUp } = await oneQueued(policy, response);
        const works = [() => w.worker()(wakeUp, w.call), timePasses(w, leaseMs + 1), () => w.tick()];
        return sceneIn(w, works, async () => {
          expect(await brokenAtRest(w)).toEqual([]);
          if (response === 'created') expect(forgotten(w)).toEqual([]);
          if (response === 'throttled' || response === 'not-created')
            expect(w.sums()).toEqual({ drafted: 1 });
        });
      });
    },
  );
});

describe('a webhook delivery during a poll', () => {
  const hooked = feedOf({ id: 'hooked', url: 'https://www.example.com/hook' });
  const candidate = candidateOf(story(2, { id: 'cms-2' }), {
    feed: hooked,
    side: 'hook',
    firstPublished: true,
  });

  it('makes one draft of the story in both', async () => {
    await explore(
      async () => {
        const w = world([{}, hooked], ofActing);
        w.publish([story(1)]);
        await w.poll();
        w.publish([story(2), story(1)]);
        const deliver = () => registerEntry({ ledger: w.stores.ledger, clock: w.services.clock }, candidate);
        return sceneIn(w, [deliver, () => w.poll(['newsroom'])], async () => {
          await deliver();
          await w.poll();
          expect(await brokenAtRest(w)).toEqual([]);
          expect(w.sums()).toEqual({ baselined: 1, drafted: 1 });
          expect(w.posts).toHaveLength(1);
        });
      },
      { crashes: deaths },
    );
  });
});

describe('a manual move during a worker', () => {
  const moveOf = (w: World, move: Move) => async () => {
    const [row] = w.rows();
    try {
      const transition = makeMove(move, { at: w.state.now, by: 'a person' });
      await changeRow({ ledger: w.stores.ledger }, row?.key ?? '', transition);
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'move.not-allowed')) throw error;
    }
  };

  it.each(everyResponse)(
    'to dismiss a queued row either dismisses or sends it, never both; $policy, $response',
    async ({ policy, response }) => {
      await explore(async () => {
        const { w, wakeUp } = await oneQueued(policy, response);
        return sceneIn(w, [() => w.worker()(wakeUp, w.call), moveOf(w, 'dismiss')], async () => {
          expect(await brokenAtRest(w)).toEqual([]);
          const [row] = w.rows();
          const before = row?.history.at(-2)?.state;
          if (row?.state === 'dismissed' && before === 'queued' && row.mayBeTwice === 0)
            expect(w.posts).toEqual([]);
        });
      });
    },
  );

  it.each(policies)('to edit a queued row never sends another caption after the edit; %s', async (policy) => {
    await explore(async () => {
      const { w, wakeUp } = await oneQueued(policy);
      const [{ key } = { key: '' }] = w.rows();
      const edit = async () => {
        try {
          await editEntry(w.services, key, { by: 'a person', fields: { text: 'Edited' } });
        } catch (error) {
          if (!(error instanceof AppError && error.code === 'edit.not-allowed')) throw error;
        }
      };
      return sceneIn(w, [() => w.worker()(wakeUp, w.call), edit], async () => {
        expect(await brokenAtRest(w)).toEqual([]);
        const [row] = w.rows();
        const texts = w.posts.map(({ post }) => post.text);
        expect(texts).toEqual([row?.edited ? 'Edited' : 'Story 1']);
        expect(row).toMatchObject({ state: 'drafted', post: { text: texts[0] } });
      });
    });
  });

  it.each(policies)('to undo an approval either puts it back or reports its draft; %s', async (policy) => {
    await explore(async () => {
      const { w, wakeUp } = await oneQueued(policy);
      const [queued] = w.rows() as [EntryRow];
      const inReview = { ...queued, state: 'review' as const, wakeAt: null, rev: queued.rev + 1 };
      await w.stores.ledger.replace(inReview);
      await moveEntries(w.services, [inReview], { move: 'approve', by: 'a person' });
      w.stores.queues.wakeUps.length = 0;
      let refused: string | undefined;
      const undo = async () => {
        const [undone] = await undoMoves(w.services, w.rows(), { by: 'a person' });
        refused = undone?.refusal?.message;
      };
      return sceneIn(w, [() => w.worker()(wakeUp, w.call), undo], async () => {
        expect(await brokenAtRest(w)).toEqual([]);
        expect(w.rows()).toMatchObject([{ state: refused === undefined ? 'review' : 'drafted' }]);
        expect(w.posts).toHaveLength(refused === undefined ? 0 : 1);
      });
    });
  });

  it.each(['retry', 'dismiss', 'confirm'] as const)(
    'to %s a row whose lease expired keeps a late post’s ID',
    async (move) => {
      await explore(async () => {
        const { w, wakeUp } = await oneQueued('park');
        const reap = async () => {
          await timePasses(w, leaseMs + 1)();
          await w.tick();
          await moveOf(w, move)();
        };
        return sceneIn(w, [() => w.worker()(wakeUp, w.call), reap], async () => {
          expect(await brokenAtRest(w)).toEqual([]);
          expect(forgotten(w)).toEqual([]);
        });
      });
    },
  );

  it('to retry during a look-up makes one draft, or records a possible duplicate', async () => {
    await explore(async () => {
      const { w, wakeUp } = await oneQueued('auto', 'lost, created');
      await w.worker()(wakeUp, w.call);
      w.state.response = 'created';
      w.state.now += 2 * leaseMs;
      return sceneIn(w, [() => w.worker()(wakeUp, w.call), moveOf(w, 'retry')], async () => {
        expect(await brokenAtRest(w)).toEqual([]);
        expect(w.rows()[0]?.state).toBe('drafted');
      });
    });
  });
});

describe('a pause', () => {
  const outage: CircuitRow = {
    scope: 'all',
    by: 'machine',
    reason: 'outage',
    openUntil: 0,
    openedAt: 0,
    triedAt: 0,
    halfOpen: false,
    failures: 2,
    rev: 1,
  };
  const pause = (w: World) => async () => {
    await w.stores.circuits.put(pausedCircuit(null, 'all', w.state.now));
  };
  const nothingIsSent = async (w: World) => {
    const sent = w.sent.length;
    w.state.response = 'created';
    await bringToRest(w);
    expect(w.sent).toHaveLength(sent);
  };

  it.each(allResponses)(
    'stays in effect while a worker updates the circuit breaker; %s',
    async (response) => {
      await explore(async () => {
        const { w, wakeUp } = await oneQueued('park', response);
        return sceneIn(w, [() => w.worker()(wakeUp, w.call), pause(w)], () => nothingIsSent(w));
      });
    },
  );

  it.each(allResponses)('stays in effect while a row probes a half-open circuit; %s', async (response) => {
    await explore(async () => {
      const { w, wakeUp } = await oneQueued('park', response);
      await w.stores.circuits.put({ ...outage, halfOpen: true, openUntil: w.state.now + leaseMs });
      const probe = { ...wakeUp, probe: 'all' };
      return sceneIn(w, [() => w.worker()(probe, w.call), pause(w)], () => nothingIsSent(w));
    });
  });

  it('stays in effect while the sweep probes an open circuit', async () => {
    await explore(async () => {
      const { w } = await oneQueued('park');
      await w.stores.circuits.put(outage);
      w.state.now += 10 * 60_000;
      return sceneIn(w, [() => w.tick(), pause(w)], () => nothingIsSent(w));
    });
  });
});

describe('two concurrent sweeps', () => {
  it.each(policies)(
    'expire a lease once and wake a row at most twice, even if one dies; %s',
    async (policy) => {
      await explore(
        async () => {
          const { w, wakeUp } = await oneQueued(policy);
          const { create } = w.services.dash;
          w.services.dash.create = () => Promise.reject(new Error('killed'));
          await w
            .worker()(wakeUp, w.call)
            .catch(() => {});
          w.services.dash.create = create;
          w.state.now += leaseMs + 1;
          return sceneIn(w, [w.tick, w.tick], async () => {
            expect(w.rows()[0]?.mayBeTwice).toBeLessThanOrEqual(1);
            expect(await brokenAtRest(w)).toEqual([]);
          });
        },
        { crashes: 1 },
      );
    },
  );
});
