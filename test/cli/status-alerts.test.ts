import { expect, it } from 'vitest';
import { aFlag } from '../support/alert-rows.ts';
import { cliOver, fakeTarget } from '../support/cli.ts';

it('status shows active alerts that were sent', async () => {
  const target = fakeTarget();
  const flags = [
    aFlag({ id: 'a', kind: 'possible-gap', subject: 'newsroom', count: null }),
    aFlag({ id: 'b', endedAt: 5 }),
    aFlag({ id: 'c', kind: 'posting-stopped', subject: 'all', notified: false }),
  ];
  for (const flag of flags) target.stores.alerts.flags.set(flag.id, flag);
  const cli = cliOver(target);

  const words = await cli('status');
  const json = await cli('status --json');

  expect(words.out.match(/^Entries may have been missed: .*/gm)).toEqual([expect.stringMatching(/newsroom/)]);
  expect(JSON.parse(json.out).alerts).toEqual([
    { id: 'a', kind: 'possible-gap', subject: 'newsroom', since: '1970-01-01T00:00:00.000Z', count: null },
  ]);
});
