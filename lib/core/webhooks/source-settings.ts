export const hmacAlgorithms = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
export const signatureEncodings = ['hex', 'base64', 'base64url'] as const;

/** A signature in one header, over a template of `{id}`, `{timestamp}` and `{body}`. Header names are lower-case. */
export type HmacRule = {
  kind: 'hmac';
  algorithm: (typeof hmacAlgorithms)[number];
  header: string;
  encoding: (typeof signatureEncodings)[number];
  /** What stands before the signature in its header, such as `sha256=`. */
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

/** What `fields` and `map` may fill, by the names used in feeds.yml. */
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

/** Settings of feeds.yml of which each source takes some. */
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
  /** Fields that its payloads have in no known place. */
  lacks: readonly FieldName[];
  /** The forms of `verify` that it takes, as feeds.yml names them. Default: all. */
  verifyForms?: readonly ('hmac' | 'static_header' | 'basic' | 'query')[];
};

/** The settings of one webhook, with which its source verifies and maps. Null or empty: the source's own default. */
export type SourceOptions = {
  verify: VerifyRule | null;
  /** JMESPath; a payload for which it is false is ignored. */
  when: string | null;
  /** Our field → JMESPath. */
  map: FieldMap;
  /** Our field → the content system's name for it. */
  fields: FieldMap;
  /** Liquid over the payload's fields. */
  link: string | null;
  contentTypes: string[];
  environment: string | null;
  locale: string | null;
  /** What relative addresses of pictures and videos are relative to. */
  base: string | null;
  /** The public path, where the sender signs it and something in front of us changes it. */
  path: string | null;
};
