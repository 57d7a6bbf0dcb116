import * as v from 'valibot';
import { isObject } from '../../is-object.ts';
import { hmacAlgorithms, signatureEncodings, type VerifyRule } from '../../webhooks/source-settings.ts';
import { must } from '../wrong-value.ts';
import { closedMap, pathTo, picked, type RawCheck, text } from './config-schema.ts';

const headerMessage = must('the name of a header', 'write, for example, x-signature');
const HeaderName = v.pipe(v.string(headerMessage), v.regex(/^[A-Za-z][A-Za-z\d_-]{0,99}$/, headerMessage));

/** The setting that selects each kind of rule, and the other settings of that kind. */
const kinds: Record<string, readonly string[]> = {
  hmac: ['header', 'encoding', 'prefix', 'signed', 'timestamp_header', 'unit', 'id_header'],
  static_header: ['prefix'],
  basic: [],
  query: [],
};
const kindNames = Object.keys(kinds);

const ofOneKind: RawCheck = ({ dataset: { value }, addIssue }) => {
  if (!isObject(value)) return;
  const [kind, ...others] = kindNames.filter((name) => value[name] !== undefined);
  if (kind === undefined || others.length > 0) {
    addIssue({ message: `must have one of ${kindNames.join(', ')}: keep the one that the sender uses` });
    return;
  }
  for (const name of Object.keys(value)) {
    if (name === kind || !Object.values(kinds).flat().includes(name) || kinds[kind]?.includes(name)) continue;
    addIssue({ message: `does not belong to ${kind}: remove it`, path: pathTo([name], 'key') });
  }
  if (kind === 'hmac' && value.header === undefined) {
    addIssue({ message: 'has no header: name the one that holds the signature' });
  }
};

/** `{timestamp}` and `{id}` refer to headers, and a header that is not signed proves nothing. */
const signsWhatItNames: RawCheck = ({ dataset: { value }, addIssue }) => {
  if (!isObject(value) || value.hmac === undefined) return;
  const signed = typeof value.signed === 'string' ? value.signed : '{body}';
  const path = pathTo(['signed']);
  const names = [...signed.matchAll(/\{(\w*)\}/g)].map(([, name]) => name);
  if (names.filter((name) => name === 'body').length !== 1) {
    addIssue({ message: 'must contain {body} once: otherwise the signature does not cover the body', path });
  }
  for (const name of names.filter((name) => !['id', 'timestamp', 'body'].includes(String(name)))) {
    addIssue({ message: `contains {${name}}: use only {id}, {timestamp} and {body}`, path });
  }
  for (const name of ['timestamp', 'id']) {
    const header = `${name}_header`;
    if (names.includes(name) === (value[header] !== undefined)) continue;
    addIssue({
      message: `must have both {${name}} in signed and ${header}, or neither: add what is missing`,
    });
  }
  if (value.unit !== undefined && value.timestamp_header === undefined) {
    addIssue({ message: 'has a unit, but no timestamp_header: remove it', path: pathTo(['unit'], 'key') });
  }
};

const short = (rule: string) => v.pipe(text(rule), v.nonEmpty(must(rule, 'give it')), v.maxLength(200));

/** `verify:` of a webhook. */
export const VerifyAsWritten = v.pipe(
  closedMap({
    hmac: v.optional(picked(...hmacAlgorithms)),
    header: v.optional(HeaderName),
    encoding: v.optional(picked(...signatureEncodings)),
    prefix: v.optional(v.pipe(text('the text before the signature'), v.maxLength(200))),
    signed: v.optional(short('a template such as "{timestamp}.{body}"')),
    timestamp_header: v.optional(HeaderName),
    unit: v.optional(picked('s', 'ms')),
    id_header: v.optional(HeaderName),
    static_header: v.optional(HeaderName),
    basic: v.optional(short('the user name; the password is the secret')),
    query: v.optional(short('the name of a parameter in the address')),
  }),
  v.rawCheck(ofOneKind),
  v.rawCheck(signsWhatItNames),
);
export type VerifyAsWritten = v.InferOutput<typeof VerifyAsWritten>;

/** The resulting rule; header names in lower case, as they arrive. */
export const verifyRule = (written: VerifyAsWritten): VerifyRule => {
  const { hmac, static_header: header, basic, query, prefix = '' } = written;
  if (header !== undefined) return { kind: 'header', header: header.toLowerCase(), prefix };
  if (basic !== undefined) return { kind: 'basic', user: basic };
  if (query !== undefined) return { kind: 'query', parameter: query };
  return {
    kind: 'hmac',
    algorithm: hmac ?? 'sha256',
    header: String(written.header).toLowerCase(),
    encoding: written.encoding ?? 'hex',
    prefix,
    signed: written.signed ?? '{body}',
    timestampHeader: written.timestamp_header?.toLowerCase() ?? null,
    unit: written.unit ?? 's',
    idHeader: written.id_header?.toLowerCase() ?? null,
  };
};
