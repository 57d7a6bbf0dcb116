import * as v from 'valibot';
import type { RawCheck } from './file/config-schema.ts';
import { must } from './wrong-value.ts';

const knownPrefix = /^(whsec_|sk_|pk_|ghp_|github_pat_|xox[abp]-|bearer |basic |eyj)/i;

type Kind = 'lower' | 'upper' | 'digit';

const kindOf = (character: string): Kind =>
  /\d/.test(character) ? 'digit' : /[A-Z]/.test(character) ? 'upper' : 'lower';

/**
 * How often the kind of character changes: names start with a capital and end in digits, while random values change all
 * the time.
 */
const changes = (text: string): number =>
  Array.from(text.slice(1), (character, i) => [kindOf(text.charAt(i)), kindOf(character)] as const).filter(
    ([before, after]) => before !== after && !(before === 'upper' && after === 'lower'),
  ).length;

/** Whether a text looks like a secret's value rather than its name. */
export const looksSecret = (text: string): boolean => {
  const letters = text.replace(/[^A-Za-z\d]/g, '');
  return knownPrefix.test(text) || (letters.length >= 16 && changes(letters) > letters.length / 4);
};

const rule = must('the name of a secret', 'use letters, digits, - _ and ., at most 64, for example ghost');
const form = /^[A-Za-z][A-Za-z\d._-]{0,63}$/;

const notASecret =
  'looks like a secret itself: store the secret with `secret set`, write its name here, and replace the secret, because it has been in this file';

const checkNames: RawCheck = ({ dataset: { value, typed }, addIssue }) => {
  if (!typed) return;
  const names: string[] = Array.isArray(value) ? value : [value];
  if (names.some(looksSecret)) addIssue({ message: notASecret });
  else if (names.length === 0 || names.length > 2 || new Set(names).size < names.length) {
    addIssue({
      message: 'must be one name, or a list of two different names while you rotate the secret',
    });
  } else if (!names.every((name) => form.test(name))) addIssue({ message: (issue) => rule(issue) });
};

/** The name of one secret, not its value. */
export const SecretName = v.pipe(v.string(rule), v.rawCheck(checkNames));

/** `secret_name:` of a webhook: the name of its secret, not its value. */
export const SecretNames = v.pipe(v.union([v.string(), v.array(v.string())], rule), v.rawCheck(checkNames));
