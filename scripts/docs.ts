import { writeFileSync } from 'node:fs';
import { cliPage } from './docs/cli-page.ts';
import { configurationPage } from './docs/configuration-page.ts';
import { readmePage, webhooksPage } from './docs/webhook-sources.ts';

// Usage: npm run docs. Writes the pages that are generated from code, in full or in part. Tests fail if one is out of date.
export const pages = {
  'README.md': readmePage,
  'docs/cli.md': cliPage,
  'docs/configuration.md': configurationPage,
  'docs/webhooks/README.md': webhooksPage,
} as const;

if (import.meta.main)
  for (const [name, page] of Object.entries(pages))
    writeFileSync(new URL(`../${name}`, import.meta.url), page());
