import { readFile, writeFile } from 'node:fs/promises';
import { deployJson } from '../cli/deploy-json.ts';
import { readConfig } from '../lib/config.ts';
import { configWarnings } from '../lib/config-warnings.ts';
import { AppError, misconfigured } from '../lib/core/errors.ts';
import { packConfig } from '../lib/packed-config.ts';
import { overBudget } from './budgets.ts';
import { bundleAll } from './bundle.ts';

// Usage: npm run build [-- another-feeds.yml]
const feedsFile = process.argv[2] ?? 'feeds.yml';

const kB = (bytes: number) => `${Math.round(bytes / 1000)} kB`.padStart(8);

const build = async () => {
  const written = await readFile(feedsFile);
  const config = readConfig(written, feedsFile);
  const bundles = await bundleAll('dist', packConfig(config));
  await writeFile('dist/deploy.json', deployJson(config));
  for (const { name, bytes, zipBytes } of bundles)
    console.log(`${name.padEnd(16)}${kB(bytes)}${kB(zipBytes)} zipped`);
  console.log(`${feedsFile}: ${config.feeds.length} feeds`);
  for (const { line, column, path, message } of configWarnings(written))
    console.warn(`${feedsFile}:${line}:${column} ${path} ${message}`);
  if (config.deploy)
    console.warn(`${feedsFile}: deploy is for the npm package. In a checkout, set these in serverless.yml.`);
  const tooLarge = overBudget(bundles);
  if (tooLarge.length > 0)
    throw misconfigured('build.over-budget', `${tooLarge.join('\n')}\nSee scripts/budgets.ts.`);
};

try {
  await build();
} catch (error) {
  if (!(error instanceof AppError || (error as NodeJS.ErrnoException).code === 'ENOENT')) throw error;
  console.error((error as Error).message);
  process.exitCode = 1;
}
