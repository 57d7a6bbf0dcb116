/** Which entries a feed wants. A list that is empty asks for nothing. */
export type Rules = {
  only: { keywords: string[]; categories: string[]; newerThanMs: number | null };
  skip: { keywords: string[]; categories: string[]; authors: string[] };
};

/** A time of the day every day, in minutes since midnight; `from` after `to` goes over midnight. */
export type Quiet = { from: number; to: number };

/** How many drafts may be made in a day and in an hour of the feed's own clock, and when none are made at all. */
export type Limits = { perDay: number | null; perHour: number | null; quiet: Quiet | null };

/**
 * The time a post carries, and so where it stands on the calendar: the next of some times of the day (minutes since
 * midnight, in order) that no other post has, a while after it is sent, or what a template makes of the entry.
 */
export type At =
  | { kind: 'slot'; slots: number[] }
  | { kind: 'after'; ms: number }
  | { kind: 'template'; template: string };

export const utmFields = ['source', 'medium', 'campaign', 'term', 'content'] as const;
/** What is appended to an entry's link as `utm_…`; each a Liquid template. */
export type Utm = { [Field in (typeof utmFields)[number]]?: string | undefined };

/** What a feed says beside where it is and what a post of it looks like. */
export type Editorial = { rules: Rules; limits: Limits; at: At | null; utm: Utm | null };

/** Takes everything, at once, as it is. */
export const noEditorial: Editorial = {
  rules: {
    only: { keywords: [], categories: [], newerThanMs: null },
    skip: { keywords: [], categories: [], authors: [] },
  },
  limits: { perDay: null, perHour: null, quiet: null },
  at: null,
  utm: null,
};
