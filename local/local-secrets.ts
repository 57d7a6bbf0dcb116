import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { misconfigured } from '../lib/core/errors.ts';
import { isObject } from '../lib/core/is-object.ts';
import type { SecretByName } from '../lib/core/ports.ts';
import { ownerOnlyFolder, readIfThere, writeAtomically } from './atomic-file.ts';

/** The file's name in the data folder. */
export const secretsFile = 'secrets.json';

/** The inbound secret of a local run: name → value. */
type LocalSecrets = Record<string, string>;

const Secrets = v.pipe(v.custom<object>(isObject), v.record(v.string(), v.string())); // a record alone accepts an array

const readSecrets = (file: string): LocalSecrets => {
  const text = readIfThere(file);
  if (text === null) return {};
  try {
    return v.parse(Secrets, JSON.parse(text));
  } catch {
    // Without a cause, which would quote the unreadable content: secrets.
    throw misconfigured(
      'local.secrets',
      `${file} must be a JSON object with names and secrets as strings. Fix it, or delete it to create new secrets.`,
    );
  }
};

/** In a form that every source accepts, including Standard Webhooks' base64. */
const drawn = () => randomBytes(24).toString('base64');

/**
 * The local counterpart of the inbound secret: a file that only its owner can read. Missing names get a random
 * secret; existing ones stay. Throws config `local.secrets`.
 */
export function openSecrets(file: string, names: Iterable<string>): LocalSecrets {
  const there = readSecrets(file);
  const missing = [...names].filter((name) => !Object.hasOwn(there, name));
  if (missing.length === 0) return there;
  const all = { ...there, ...Object.fromEntries(missing.map((name) => [name, drawn()])) };
  writeAtomically(file, `${JSON.stringify(all, null, 2)}\n`);
  return all;
}

/** Reads the file each time, so that a changed secret is used at once. Throws config `local.secrets`. */
export const secretIn =
  (file: string): SecretByName =>
  async (name) =>
    readSecrets(file)[name] ?? null;

/** Stores one secret in the file, replacing any value under its name. Throws config `local.secrets`. */
export const keepSecret = (file: string, name: string, value: string): void => {
  const all = { ...readSecrets(file), [name]: value };
  mkdirSync(dirname(file), ownerOnlyFolder); // a secret may be stored before the first run
  writeAtomically(file, `${JSON.stringify(all, null, 2)}\n`);
};
