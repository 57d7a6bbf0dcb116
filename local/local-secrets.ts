import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { misconfigured } from '../lib/core/errors.ts';
import { isObject } from '../lib/core/is-object.ts';
import { ownerOnlyFolder, readIfThere, writeAtomically } from './atomic-file.ts';

/** Its file in the data folder. */
export const secretsFile = 'secrets.json';

/** The inbound secret of a laptop: name → value. */
type LocalSecrets = Record<string, string>;

const Secrets = v.pipe(v.custom<object>(isObject), v.record(v.string(), v.string())); // a record alone takes a list

const readSecrets = (file: string): LocalSecrets => {
  const text = readIfThere(file);
  if (text === null) return {};
  try {
    return v.parse(Secrets, JSON.parse(text));
  } catch {
    // Without its cause, which quotes what cannot be read: those are secrets.
    throw misconfigured(
      'local.secrets',
      `${file} must be one JSON object of texts, name and secret: mend it, or delete it and new ones are drawn.`,
    );
  }
};

/** Of a form that every source takes, Standard Webhooks' base64 included. */
const drawn = () => randomBytes(24).toString('base64');

/**
 * What AWS keeps in the inbound secret, a laptop keeps in this file, which its owner alone may read. A name that is
 * not in it is given a secret drawn by lot; whatever is there stays. Throws config `local.secrets`.
 */
export function openSecrets(file: string, names: Iterable<string>): LocalSecrets {
  const there = readSecrets(file);
  const missing = [...names].filter((name) => !Object.hasOwn(there, name));
  if (missing.length === 0) return there;
  const all = { ...there, ...Object.fromEntries(missing.map((name) => [name, drawn()])) };
  writeAtomically(file, `${JSON.stringify(all, null, 2)}\n`);
  return all;
}

/** Puts one secret into the file, over what stands there under its name. Throws config `local.secrets`. */
export const keepSecret = (file: string, name: string, value: string): void => {
  const all = { ...readSecrets(file), [name]: value };
  mkdirSync(dirname(file), ownerOnlyFolder); // a secret may be stored before anything has ever run
  writeAtomically(file, `${JSON.stringify(all, null, 2)}\n`);
};
