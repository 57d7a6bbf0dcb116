import type { BackOff } from '../backoff.ts';

const second = 1_000;
const minute = 60 * second;
const day = 24 * 60 * minute;

/** How long the client waits for a response from Dash Social. */
export const clientTimeoutMs = 30 * second;
/** How long a connection to the Library, and a response about a video, are awaited; without one, the post is sent. */
export const mediumTimeouts = { connectTimeoutMs: 2 * second, responseTimeoutMs: 3 * second };
/** The longest that a check of a video takes: twice, if the token is refused and there is a newer one. */
export const mediumCheckMs = 2 * (mediumTimeouts.connectTimeoutMs + mediumTimeouts.responseTimeoutMs);
/** The longest that Dash Social may still commit a request after the client gave up; a generous assumption. */
export const serverDelayMs = 30 * second;
const leaseMarginMs = 30 * second;
/** How long a claim is held; afterwards its POST can no longer be committed. */
export const leaseMs = clientTimeoutMs + serverDelayMs + leaseMarginMs;
/** A POST is sent only if the lease lasts at least this much longer. */
export const mustRemainMs = clientTimeoutMs + leaseMarginMs;

/** The time set in a post is at least this far ahead when it is sent. */
export const leadMs = 5 * minute;

/** After a wake-up was sent, the sweep waits this long before it sends another. */
export const wakeGraceMs = 2 * minute;
/** Under `retry`, the pause before a POST of unknown outcome is repeated. */
export const uncertainPauseMs = 5 * minute;
/** Under `retry`, how often it is repeated at most. */
export const maxDoubles = 2;

/**
 * While Dash Social's list of posts cannot be requested, a look-up is tried again for this long: longer than a weekend
 * with a refused token, but not without end, because the list may never be available.
 */
export const lookUpKeepsTryingDays = 3;

/** Rows in a final state expire this long after they were last seen; pointers to them a week earlier. */
export const keepMs = 400 * day;
export const pointerKeepMs = keepMs - 7 * day;

/** How long an entry is stored after it was first seen, and after it became a draft. */
export const keepEntryMs = keepMs;
export const keepEntryOfDraftMs = 30 * day;

/** How many of the latest moments a row's history keeps. */
export const maxMoments = 20;

/** How long a row waits after a failure before it is tried again. */
export const rowBackOff = { firstMs: minute, maxMs: 60 * minute, jitter: 'full' } as const satisfies BackOff;
