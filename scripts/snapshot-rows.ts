import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedStack } from '../test/support/embedded-world.ts';
import { rowsOfThisRelease } from '../test/support/release-rows.ts';

// Usage: npm run snapshot:rows. Saves the rows that this version writes, so that tests of later versions can read them.

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const file = `test/fixtures/releases/${version}.json`;

const stack = await embeddedStack();
try {
  const rows = await rowsOfThisRelease(stack);
  writeFileSync(join(root, file), `${JSON.stringify(rows, null, 1)}\n`);
  console.log(`${file}: ${rows.ledger.length} ledger rows, ${rows.feeds.length} feed rows`);
} finally {
  await stack.close();
}
