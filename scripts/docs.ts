import { writeFileSync } from 'node:fs';
import { cliPage } from './docs/cli-page.ts';
import { configurationPage } from './docs/configuration-page.ts';

// Usage: npm run docs. Writes the reference pages that are generated from the code; tests fail when they are out of date.
export const pages = {
  'cli.md': cliPage,
  'configuration.md': configurationPage,
} as const;

if (import.meta.main)
  for (const [name, page] of Object.entries(pages))
    writeFileSync(new URL(`../docs/${name}`, import.meta.url), page());
