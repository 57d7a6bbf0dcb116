/** What is logged of people who sign in to the console: never an e-mail address of somebody who was refused. */
export type VisitEvent =
  /** `person`: with the e-mail address or name that is shown; the subject alone stays the same. */
  | { event: 'console.signed-in'; subject: string; person: string }
  /** Not in `allow`. `claims`: the names of what the provider stated; empty for a session that was admitted before. */
  | { event: 'console.refused'; subject: string; claims: string[] }
  /** A form was acted on; `path` names it. */
  | { event: 'console.acted'; subject: string; person: string; path: string }
  | { event: 'console.failed'; code: string; message: string };

/** Records an event; never throws, never waits. */
export type ReportVisit = (event: VisitEvent) => void;
