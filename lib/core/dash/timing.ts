const second = 1_000;
const minute = 60 * second;
const day = 24 * 60 * minute;

/** How long the client waits for Dash Social's answer. */
export const clientTimeoutMs = 30 * second;
/** The longest that Dash Social may still commit a request after the client gave up; assumed, and generous. */
export const serverDelayMs = 30 * second;
const leaseMarginMs = 30 * second;
/** A claim is held this long: when it is over, the POST it was taken for can no longer be committed. */
export const leaseMs = clientTimeoutMs + serverDelayMs + leaseMarginMs;
/** A POST leaves only while the lease outlasts it by this much. */
export const mustRemainMs = clientTimeoutMs + leaseMarginMs;

/** A time that a post carries lies at least so far ahead when it is sent. */
export const leadMs = 5 * minute;

/** After a wake-up was sent, the sweep waits this long before it sends another. */
export const wakeGraceMs = 2 * minute;
/** Under `retry`, the pause before a POST of unknown outcome is repeated. */
export const uncertainPauseMs = 5 * minute;
/** Under `retry`, how often it may be repeated. */
export const maxDoubles = 2;

/** Final states are forgotten this long after they were last seen; pointers to them a week earlier. */
export const keepMs = 400 * day;
export const pointerKeepMs = keepMs - 7 * day;

/** The entry of a row is kept so long after it was first seen, and so long after it has become a draft. */
export const keepEntryMs = keepMs;
export const keepEntryOfDraftMs = 30 * day;

/** A row's history keeps its last moments. */
export const maxMoments = 20;

/** The longest that a row waits after a failure before it is tried again. */
export const maxBackOffMs = 60 * minute;

/** Full jitter: any wait up to `first`, doubled by each failure, but never beyond `ceiling`. `random` is in [0, 1). */
export const backOffMs = (failures: number, random: number, first = minute, ceiling = maxBackOffMs): number =>
  Math.ceil(Math.max(1, random * Math.min(ceiling, first * 2 ** Math.min(failures, 30))));
