import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Whether this is the compiled program in the npm package, rather than a checkout. */
const isCompiled = !import.meta.url.endsWith('.ts');

/**
 * A file or folder of the program, wherever it is installed: `package.json`, `serverless.yml`, `infra/…`. Files of the
 * user (feeds.yml, data) are relative to the working directory instead.
 */
export const ourFile = (path: string): URL => new URL(`../${path}`, import.meta.url);

/** The file that exports a function's `handler`: its source, or in the npm package its bundle. */
export const functionFile = (name: string): URL =>
  ourFile(isCompiled ? `functions/${name}/index.js` : `functions/${name}.ts`);

/** The folder with a folder for each function's bundle; in a checkout, `npm run build` writes it. */
export const bundlesFolder = (): URL => ourFile(isCompiled ? 'functions/' : 'dist/');

/** Whether the program is installed in the working directory or a folder above it, so that npm finds its packages there. */
export const isInstalledHere = (cwd: string): boolean => {
  const folder = dirname(fileURLToPath(ourFile('.')));
  return !isCompiled || !relative(cwd, folder).startsWith('..');
};
