import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** How people run things in a checkout, and with the npm package; the longest first. */
const commands: readonly [checkout: RegExp, installed: string][] = [
  [/npm run -s cli --/g, 'npx rss-drafts'],
  [/npm run deploy --/g, 'npx rss-drafts deploy'],
  [/npm (?:-s )?start(?: --)?(?! alone)/g, 'npx rss-drafts start'],
  [/npm start alone for the demo/g, 'npx rss-drafts start in an empty folder for the demo'],
  [/npm run build/g, 'npx rss-drafts package'],
];

/** A source whose texts name the commands of the npm package instead of those of a checkout. */
export const withPackageCommands = (source: string): string =>
  commands.reduce((text, [checkout, installed]) => text.replace(checkout, installed), source);

/** Compiles the program's own sources with the texts of the npm package. */
export const packageTexts: Plugin = {
  name: 'package-texts',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/(?:cli|console|functions|lib|local)\/[^\n]*\.ts$/ }, async ({ path }) => {
      if (path.includes('/node_modules/')) return null;
      return { contents: withPackageCommands(await readFile(path, 'utf8')), loader: 'ts' };
    });
  },
};
