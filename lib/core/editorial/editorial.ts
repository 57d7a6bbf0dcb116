/** Which entries a feed uses. An empty list requires nothing. */
export type Rules = {
  only: { keywords: string[]; categories: string[]; newerThanMs: number | null };
  skip: { keywords: string[]; categories: string[]; authors: string[] };
};

/** Daily quiet hours, in minutes since midnight; if `from` is after `to`, they span midnight. */
export type Quiet = { from: number; to: number };

/** How many drafts may be made per day and hour in the feed's time zone, and when none are made. */
export type Limits = { perDay: number | null; perHour: number | null; quiet: Quiet | null };

/**
 * The time set in a post, which is its place on the calendar: the next free one of several times of day (minutes since
 * midnight, in order), a delay after sending, or the result of a template.
 */
export type At =
  | { kind: 'slot'; slots: number[] }
  | { kind: 'after'; ms: number }
  | { kind: 'template'; template: string };

export const utmFields = ['source', 'medium', 'campaign', 'term', 'content'] as const;
/** The `utm_…` parameters appended to an entry's link; each a Liquid template. */
export type Utm = { [Field in (typeof utmFields)[number]]?: string | undefined };

/** The settings for selecting, limiting and scheduling a feed's entries. */
export type Editorial = { rules: Rules; limits: Limits; at: At | null; utm: Utm | null };

/** Uses everything, immediately and unchanged. */
export const noEditorial: Editorial = {
  rules: {
    only: { keywords: [], categories: [], newerThanMs: null },
    skip: { keywords: [], categories: [], authors: [] },
  },
  limits: { perDay: null, perHour: null, quiet: null },
  at: null,
  utm: null,
};
