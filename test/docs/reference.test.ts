import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pages } from '../../scripts/docs.ts';

it.each(Object.entries(pages))('%s matches the code (run npm run docs)', (name, page) => {
  const kept = readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

  expect(kept).toBe(page());
});
