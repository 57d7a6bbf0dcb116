export const hmacAlgorithms = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
export const signatureEncodings = ['hex', 'base64', 'base64url'] as const;

/** A signature in one header, over a template of `{id}`, `{timestamp}` and `{body}`. Header names are lower-case. */
export type HmacRule = {
  kind: 'hmac';
  algorithm: (typeof hmacAlgorithms)[number];
  header: string;
  encoding: (typeof signatureEncodings)[number];
  /** The text before the signature in its header, such as `sha256=`. */
  prefix: string;
  signed: string;
  timestampHeader: string | null;
  /** Unit of the timestamp: seconds or milliseconds since 1970. */
  unit: 's' | 'ms';
  idHeader: string | null;
};

/** How a delivery is authenticated: by a signature, or by the secret itself in one of three places. */
export type VerifyRule =
  | HmacRule
  | { kind: 'header'; header: string; prefix: string }
  | { kind: 'basic'; user: string }
  | { kind: 'query'; parameter: string };

/** The fields that `fields` and `map` can set, as named in feeds.yml. */
export const fieldNames = [
  'id',
  'title',
  'link',
  'slug',
  'summary',
  'content',
  'author',
  'image',
  'video',
  'categories',
  'published',
  'updated',
  'media_ids',
  'first_published',
] as const;
export type FieldName = (typeof fieldNames)[number];
export type FieldMap = Partial<Record<FieldName, string>>;

/** Settings of feeds.yml of which each source supports some. */
export const sourceSettingNames = [
  'verify',
  'when',
  'map',
  'fields',
  'link',
  'content_types',
  'environment',
  'locale',
  'base',
  'path',
] as const;
export type SourceSettingName = (typeof sourceSettingNames)[number];

/** What feeds.yml may set for one source. The sources themselves are in lib/webhooks, one file each. */
export type SourceSettings = {
  /** The value of `from`. */
  name: string;
  takes: readonly SourceSettingName[];
  needs: readonly SourceSettingName[];
  /** Fields without a known place in its payloads. */
  lacks: readonly FieldName[];
  /** The forms of `verify` that it supports, as named in feeds.yml. Default: all. */
  verifyForms?: readonly ('hmac' | 'static_header' | 'basic' | 'query')[];
};

/** The settings of one webhook for its source. Null or empty: the source's default. */
export type SourceOptions = {
  verify: VerifyRule | null;
  /** JMESPath; a payload for which it is false is ignored. */
  when: string | null;
  /** Our field → JMESPath. */
  map: FieldMap;
  /** Our field → the content system's field. */
  fields: FieldMap;
  /** Liquid over the payload's fields. */
  link: string | null;
  contentTypes: string[];
  environment: string | null;
  locale: string | null;
  /** The base for relative addresses of pictures and videos. */
  base: string | null;
  /** The public path, if the sender signs it and something in front of the function changes it. */
  path: string | null;
};
