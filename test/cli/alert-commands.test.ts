import { expect, it } from 'vitest';
import { alertKinds } from '../../lib/core/alerts/alert-row.ts';
import { alertNotice } from '../../lib/core/alerts/format-alert.ts';
import { aFlag } from '../support/alert-rows.ts';
import { cliOver, fakeTarget } from '../support/cli.ts';
import { anEntryRow } from '../support/store-rows.ts';

it.each(alertKinds)('an alert of %s shows a command that exists', async (kind) => {
  const target = fakeTarget();
  const held = [{ at: 1, state: 'held', code: 'entry.late' }] as const;
  const entry = anEntryRow({ key: 'k1', state: 'held', batch: 'newsroom', history: [...held] });
  target.stores.ledger.rows.set('k1', entry);
  const raised = { row: aFlag({ kind, entryKey: 'k1' }), entry };

  const { command: shown } = alertNotice(raised, { timezone: 'UTC', where: { stage: 'prod' } });
  const command = shown ?? '';
  const { code, err } = await cliOver(target)(command.replace('npm run -s cli -- ', ''));

  expect(command).toMatch(/^npm run -s cli -- \w+ .*--stage prod$|^npm run -s cli -- \w+ --stage prod$/);
  expect(err).toBe('');
  expect([0, 1]).toContain(code);
});
