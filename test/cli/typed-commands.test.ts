import { describe, expect, it } from 'vitest';
import type { CircuitReason } from '../../lib/core/circuit/circuit-row.ts';
import type { Where } from '../../lib/core/operator/cli-hints.ts';
import { aFlag } from '../support/alert-rows.ts';
import { cliOver, configOf, fakeTarget } from '../support/cli.ts';
import { anEntryRow } from '../support/store-rows.ts';

const targets: [string, Where, string][] = [
  ['a folder of this machine', { data: './data' }, '--data ./data'],
  ['a stage', { stage: 'prod', region: 'us-east-1', data: '.local' }, '--stage prod --region us-east-1'],
];

/** A target with an entry and an alert that lead to commands. */
const troubled = (where: Where) => {
  const target = fakeTarget({ where, start: null });
  target.stores.ledger.rows.set('k1', anEntryRow({ key: 'k1', state: 'held', wakeAt: null }));
  const flag = aFlag({ kind: 'batch-held' });
  target.stores.alerts.flags.set(flag.id, flag);
  return target;
};

const commandsIn = (text: string): string[] => text.match(/npm run -s cli -- [^:;|<\n]*/g) ?? [];

describe.each(targets)('a command printed for %s', (_, where, named) => {
  it.each([
    ['explain', 'explain k1', 1],
    ['status', 'status', 1],
  ])('by %s names the same target', async (__, line, count) => {
    const { out } = await cliOver(troubled(where))(line);

    expect(commandsIn(out)).toHaveLength(count);
    for (const command of commandsIn(out)) expect(command.trim()).toMatch(new RegExp(`${named}$`));
  });
});

const closed = async (reason: CircuitReason, where: Where, line = 'status') => {
  const target = fakeTarget({ where });
  const row = { scope: 'all', by: 'machine', reason, openedAt: 0, triedAt: 0, openUntil: 60_000 } as const;
  await target.circuits.put({ ...row, halfOpen: false, failures: 0, rev: 1 });
  return (await cliOver(target)(line)).out;
};

describe('the remedy for a refused token', () => {
  it('is to store a new one on a stage', async () => {
    expect(await closed('unauthorized', { stage: 'prod' })).toContain(
      'Dash Social refuses the token. Next try within 3 min. Store a valid token. npm run -s cli -- secret set dash-token --stage prod < token.txt',
    );
  });

  it('is to restart npm start with a new one on this machine', async () => {
    const out = await closed('unauthorized', { data: './data' });

    expect(out).toContain('Stop npm start, then start it with a valid token in DASH_SOCIAL_TOKEN.');
    expect(out).not.toContain('secret set');
  });
});

it('an outage may be an unexpected response', async () => {
  expect(await closed('outage', {})).toContain('Dash Social is not responding correctly. Next try');
});

it('init is suggested with the path of a feeds.yml without feeds', async () => {
  const empty = { ...configOf([]) };
  const target = fakeTarget({ where: { config: 'my.yml', data: './data' }, config: () => empty });

  expect((await cliOver(target)('doctor')).out).toContain(
    'Create one: npm run -s cli -- init --config my.yml',
  );
});
