import { expect, it } from 'vitest';
import { pageFor } from '../../cli/page.ts';
import type { Frame } from '../../console/context.ts';
import { deliveriesView } from '../../console/deliveries-view.ts';
import { markupOf } from '../../console/html.ts';
import { withNotes } from '../../lib/core/webhooks/deliveries.ts';
import { cliOver, configOf, fakeTarget } from '../support/cli.ts';
import { webhookOf } from '../support/hook-world.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const clock = () => now;
const at = now - 60_000;

const targetWithDeliveries = async () => {
  const target = fakeTarget({
    config: () => ({ ...configOf(), webhooks: [webhookOf(), webhookOf({ id: 'quiet' })] }),
  });
  await target.deliveries.save(
    withNotes('blog', null, [
      { outcome: 'queued', reason: null, entry: 'guid-a', since: at, at, times: 1 },
      { outcome: 'refused', reason: 'signature.mismatch', entry: null, since: at, at, times: 3 },
    ]),
  );
  return target;
};

it('status shows the outcomes of each webhook’s deliveries', async () => {
  const cli = cliOver(await targetWithDeliveries());

  const { out } = await cli('status', { clock });
  const { webhooks } = JSON.parse((await cli('status --json', { clock })).out);

  expect(out).toMatch(/blog +.*refused +wrong signature: .* +1 queued · 3 refused/);
  expect(out).toMatch(/quiet +never +– +none/);
  expect(webhooks).toMatchObject([
    {
      id: 'blog',
      today: { queued: 1, refused: 3 },
      latest: [
        { outcome: 'refused', reason: 'signature.mismatch', times: 3, at: '2026-11-20T11:59:00.000Z' },
        { outcome: 'queued', entry: 'guid-a' },
      ],
    },
    { id: 'quiet', today: {}, latest: [] },
  ]);
});

it('the console lists the last twenty deliveries, with reason and a link to the entry', async () => {
  const row = await (await targetWithDeliveries()).deliveries.read('blog');
  const webhooks = [{ id: 'blog', secretNames: [], latest: row?.latest ?? [], today: row?.counts ?? {} }];
  const words = pageFor({ columns: null, color: false, clock });
  const frame = { words, config: { webhooks: [] } } as unknown as Frame;

  const shown = deliveriesView(frame, webhooks);

  const markup = shown === null ? '' : markupOf(shown);
  expect(markup).toContain('latest 2');
  expect(markup).toContain('wrong signature');
  expect(markup).toContain('/entry?key=guid-a');
  expect(deliveriesView(frame, [])).toBeNull();
});
