import { describe, expect, it } from 'vitest';
import { cliWithRows, json } from '../support/cli-with-rows.ts';
import { aCircuitRow } from '../support/store-rows.ts';

const { target, cli, put } = cliWithRows();

const promises = /next try|next poll in|in \d+ (s|min)\b|automatically|within a minute|still polled/i;

const stopAll = async () => {
  target().isRunning = false;
  await target().feedStore.saveTick({ rev: 1, lastTick: 9_000, brands: [] });
  await target().circuits.put(
    aCircuitRow({ scope: 'all', by: 'machine', reason: 'outage', openUntil: 30_000 }),
  );
  put({ key: 'a', state: 'queued' });
};

describe('while the service is not running', () => {
  it('explain begins with that, and names the start', async () => {
    await stopAll();

    const { out } = await cli('explain a');

    expect(out).toMatch(/^Not running, /);
    expect(out).toContain('Start it: npm start');
  });

  it.each(['explain a', 'status', 'doctor', 'resume'])('%s promises no poll, try or end', async (line) => {
    await stopAll();

    const { out } = await cli(line);

    expect(out).toMatch(/not running|once the service runs/i);
    expect(out).not.toMatch(promises);
  });

  it('resume names the start that sends what waits', async () => {
    await stopAll();
    await cli('pause --brand 144');

    const { out } = await cli('resume --brand 144');

    expect(out).toContain('Not running: waiting entries are sent once it is started with npm start');
    expect(out).not.toMatch(promises);
  });

  it('status has no next poll in JSON either', async () => {
    await stopAll();

    expect(json(await cli('status --json'))).toMatchObject({
      running: false,
      feeds: [{ nextPoll: null, reason: 'not running' }],
    });
  });
});

it('status prints no time in the past as the next try', async () => {
  await stopAll();
  target().isRunning = true;

  const { out } = await cli('status', { clock: () => 160_000 });

  expect(out).toContain('It is due, and tried within a minute or two.');
  expect(out).not.toMatch(/Next try.* ago/);
});
