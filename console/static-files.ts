import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConsoleResponse, file } from './response.ts';

const types: Record<string, string> = {
  'console.css': 'text/css; charset=utf-8',
  'console.js': 'text/javascript; charset=utf-8',
  'decisions.js': 'text/javascript; charset=utf-8',
  'edits.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};

/** In a bundle, which is CommonJS without `import.meta.url`, the files are next to it. */
const placeOf = (name: string): string | URL =>
  import.meta.url ? new URL(`./static/${name}`, import.meta.url) : join(__dirname, name);

/** A static file by name; null when there is none. */
export const staticFile = (name: string): ConsoleResponse | null => {
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  return type === undefined ? null : file(type, readFileSync(placeOf(name)));
};
