import { afterEach, beforeEach, expect, it } from 'vitest';
import { entryPath } from '../../console/address.ts';
import { consoleResponse } from '../../console/respond.ts';
import { openSite, type Site } from '../../local/site.ts';
import { type ConsoleScene, consoleScene } from '../support/console-scene.ts';
import { postOf } from '../support/entries.ts';
import { anEntryRow } from '../support/store-rows.ts';

let scene: ConsoleScene;
let site: Site;

beforeEach(async () => {
  scene = await consoleScene();
  site = await openSite([consoleResponse(scene.context)], 0);
});
afterEach(() => site.close());

it('an entry shows the rules it breaks, its disclosure and its one-paragraph caption', async () => {
  const row = anEntryRow({ key: 'k6', post: postOf('New\n\n#a #b #c #d #e #f') });
  scene.target.stores.ledger.rows.set(row.key, row);

  const page = await (await fetch(new URL(entryPath('k6'), site.url))).text();

  expect(page).toContain('6 hashtags: TikTok allows 5');
  expect(page).toContain('not declared. TikTok requires it');
  expect(page).toContain('New #a #b #c #d #e #f');
});
