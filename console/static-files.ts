import { readFileSync } from 'node:fs';
import { type ConsoleResponse, file } from './response.ts';

const types: Record<string, string> = {
  'console.css': 'text/css; charset=utf-8',
  'console.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};

/** A static file by name; null when there is none. */
export const staticFile = (name: string): ConsoleResponse | null => {
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  return type === undefined ? null : file(type, readFileSync(new URL(`./static/${name}`, import.meta.url)));
};
