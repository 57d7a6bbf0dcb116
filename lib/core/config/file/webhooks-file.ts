import * as v from 'valibot';
import { isObject } from '../../is-object.ts';
import { type FieldName, fieldNames, type SourceSettings } from '../../webhooks/source-settings.ts';
import {
  canPublish,
  fitsItsSource,
  identifiesEntries,
  leavesToItsFeed,
  verifiesAsItsSource,
} from '../../webhooks/webhook-checks.ts';
import { linkFault, pathFault } from '../../webhooks/webhook-expressions.ts';
import { SecretNames } from '../secret-name.ts';
import { must } from '../wrong-value.ts';
import {
  closedMap,
  duration,
  flag,
  identifier,
  picked,
  type RawCheck,
  setting,
  template,
  text,
  timezone,
  wholeNumber,
} from './config-schema.ts';
import { editorialEntries } from './editorial-file.ts';
import { enrichEntries } from './enrich-file.ts';
import { onEditEntries } from './on-edit-file.ts';
import { ageEntries } from './polling-file.ts';
import { oneBrand, PostTemplates } from './post-templates.ts';
import { reviewEntries } from './review-file.ts';
import { VerifyAsWritten } from './verify-rule.ts';

const faultless = (fault: (written: string) => string | null): RawCheck => {
  return ({ dataset: { value, typed }, addIssue }) => {
    const message = typed ? fault(value) : null;
    if (message !== null) addIssue({ message });
  };
};

const JmesPath = v.pipe(text('a JMESPath expression'), v.rawCheck(faultless(pathFault)));
const LinkTemplate = v.pipe(text('a template in Liquid'), v.rawCheck(faultless(linkFault)));

const word = (rule: string) =>
  v.pipe(text(rule), v.nonEmpty(must(rule, 'give it, or leave the setting out')));
const ContentTypes = v.pipe(
  v.array(
    word('the id of a content type'),
    must('a list of content types', 'write it in brackets: [article]'),
  ),
  v.nonEmpty(must('a list of at least one content type', 'name one, or remove the setting')),
);
const PublicPath = v.pipe(
  text('a path'),
  v.regex(/^\/[^\s?#]*$/, must('the path of the public address', 'begin with /, without a query')),
);

const baseMessage = must('an address', 'begin with https://');
const Base = v.pipe(
  text('an address'),
  v.check((written) => /^https?:\/\//i.test(written) && URL.canParse(written), baseMessage),
);

const fieldsOf = <T extends v.GenericSchema>(schema: T, names: readonly FieldName[]) =>
  closedMap(
    Object.fromEntries(names.map((name) => [name, v.optional(schema)])) as Record<
      FieldName,
      v.OptionalSchema<T, undefined>
    >,
  );
/** Every field but the ID, whose place each content system fixes. */
const theirFields = fieldNames.filter((name) => name !== 'id');

/** Settings of which each source supports some. */
const sourceEntries = {
  verify: setting(VerifyAsWritten, 'How a delivery is authenticated.'),
  when: setting(JmesPath, 'JMESPath; payloads for which it is false are ignored.'),
  map: setting(fieldsOf(JmesPath, fieldNames), 'Where each field is in the payload, in JMESPath.'),
  fields: setting(
    fieldsOf(word('the name of a field'), theirFields),
    "The content system's name for each field.",
  ),
  link: setting(LinkTemplate, 'Address of an entry: a Liquid template over its fields.'),
  content_types: setting(ContentTypes, 'Content types to accept. Default: all; on WordPress, post.'),
  environment: setting(
    word('the id of an environment'),
    'Environment of the content system. Default: master.',
  ),
  locale: setting(word('a locale'), 'Locale whose texts are used.'),
  base: setting(Base, 'Base of relative picture and video addresses.'),
  path: setting(PublicPath, 'The path that the sender signs, if a proxy changes it.'),
};

const wordsOfApi = ['draft', 'schedule', 'now'] as const;

const webhookEntries = {
  secret_name: v.pipe(SecretNames, v.description('Name of its secret; a list of two while you rotate it.')),
  feed: setting(
    word('the id of a feed'),
    'The feed that the entries belong to; they share its identity, caption and brand.',
  ),
  ...sourceEntries,
  publish: setting(picked(...wordsOfApi), 'Whether entries become drafts or public posts. Default: draft.'),
  ...ageEntries,
  stale_after: setting(
    duration,
    'Posts that would go public longer than this after publication are held. Default: 6h.',
  ),
  when_uncertain: setting(
    picked('auto', 'retry', 'park'),
    'After a lost response, as for feeds. Default: auto for drafts, park for public posts.',
  ),
  ...reviewEntries,
  ...enrichEntries,
  ...onEditEntries,
  paused: setting(flag, 'true: nothing is posted. Default: false.'),
  timezone: setting(timezone, 'Time zone of slots, days and dates in captions. Default: that of the file.'),
  brand_id: setting(wholeNumber(0, Number.MAX_SAFE_INTEGER), 'The brand in Dash Social that gets the posts.'),
  caption: setting(template, 'Text of the post, in Liquid. Default: title, summary and hashtags.'),
  ...editorialEntries,
  post: v.nullish(PostTemplates),
};

const webhookAsWritten = (sources: readonly SourceSettings[]) =>
  v.pipe(
    closedMap({
      from: v.pipe(picked(...sources.map(({ name }) => name)), v.description('The sending content system.')),
      ...webhookEntries,
    }),
    v.rawCheck(fitsItsSource(sources)),
    v.rawCheck(verifiesAsItsSource(sources)),
    v.rawCheck(identifiesEntries(sources)),
    v.rawCheck(canPublish(sources)),
    v.rawCheck(leavesToItsFeed),
    v.rawCheck(oneBrand),
  );
/** One webhook as written in the file. */
export type WebhookAsWritten = v.InferOutput<ReturnType<typeof webhookAsWritten>>;

const webhooksMessage = must('a map of webhooks', 'write an id, a colon, and below it from and secret_name');

/** `webhooks:` of feeds.yml, from any of `sources`; the ID is the last part of the address, /hooks/ID. */
export const webhooksSection = (sources: readonly SourceSettings[]) =>
  v.pipe(
    v.custom<Record<string, unknown>>(isObject, webhooksMessage),
    v.record(identifier('webhook'), webhookAsWritten(sources)),
  );
