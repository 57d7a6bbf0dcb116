import { expect, it } from 'vitest';
import { toStoredEntry } from '../../lib/core/entries/stored-entry.ts';
import { consoleOverHttp } from '../support/console-over-http.ts';
import { story } from '../support/entries.ts';
import { anEntryRow } from '../support/store-rows.ts';

const { scene, ask } = consoleOverHttp();

const page = async (fields: Record<string, unknown>, storedAs: string | null = 'kept-a') => {
  const { ledger } = scene().target.stores;
  await ledger.storeEntry('kept-a', toStoredEntry(story(1)), Number.MAX_SAFE_INTEGER);
  const post = { ...anEntryRow().post, ...fields } as ReturnType<typeof anEntryRow>['post'];
  const enriched = { outcome: 'answered' as const, fields: fields as object, at: 1 };
  ledger.rows.set('a', anEntryRow({ key: 'a', state: 'review', wakeAt: null, storedAs, post, enriched }));
  return (await ask('/entry?key=a')).body;
};

it('the page of an entry shows each field that its hook changed, before and after', async () => {
  const body = await page({ text: 'From <the> hook', media_ids: [4711] });

  expect(body).toContain('Changed by your hook');
  expect(body).toContain(`<th scope="row">text</th><td><bdi>${story(1).title}`);
  expect(body).toContain('<td><bdi>From &lt;the&gt; hook</bdi></td>');
  expect(body).toContain('<th scope="row">media_ids</th><td><bdi>–</bdi></td><td><bdi>[4711]</bdi></td>');
});

it('the page of an entry that is not stored anymore shows only what its hook set', async () => {
  expect(await page({ text: 'From the hook' }, null)).toContain('<td>not stored anymore</td>');
});

it('the page of an entry that its hook did not change shows nothing of it', async () => {
  expect(await page({})).not.toContain('Changed by your hook');
});
