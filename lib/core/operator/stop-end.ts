import type { CircuitRow } from '../circuit/circuit-row.ts';

/** What decides how an automatic stop ends: whether the service runs, and all open circuits. */
export type Around = { isWorking: boolean; circuits: readonly CircuitRow[] };

/** The remedy where a next try would be promised, but nothing runs. */
export const afterStart = 'It is tried again once the service runs.';

/** After so many failures in a row, about ten minutes, an outage may be a wrong address. */
const lastsAfter = 3;

/** An outage or a rate limit that ends soon. */
export const resumes = 'Nothing to do: posting resumes automatically.';

/** An outage that lasts. */
export const lastingOutage =
  'It is tried again automatically, but keeps failing: check the status page of Dash Social, and the address (--dash-url, DASH_URL) if you set one.';

/** While everything is paused, nothing else is tried. */
const isAllPaused = ({ circuits }: Around): boolean =>
  circuits.some(({ by, scope }) => by === 'person' && scope === 'all');

/** When a circuit is tried again or ends; null if nothing tries it. */
export const nextTryOf = (circuit: CircuitRow, around: Around): number | null => {
  const isTried = circuit.reason === 'throttled' || !isAllPaused(around);
  return around.isWorking && isTried ? circuit.openUntil : null;
};

/** How a rate limit or an outage ends, as a sentence. */
export const endText = ({ reason, failures }: CircuitRow, around: Around): string => {
  if (!around.isWorking) return afterStart;
  if (isAllPaused(around))
    return reason === 'throttled'
      ? 'The limit ends by itself; posting stays paused.'
      : 'It is tried again once posting is resumed.';
  if (reason === 'outage' && failures >= lastsAfter) return lastingOutage;
  return resumes;
};
