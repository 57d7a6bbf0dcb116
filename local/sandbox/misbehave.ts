import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import type { RateState } from './rate-window.ts';
import { proxyPage, refusal, type SandboxResponse } from './response.ts';

/** What happens instead of a correct response: another response, none, or a cut connection. */
type FaultResponse = SandboxResponse | 'hang' | 'drop';

// A proxy responds before the API, without rate headers.
const proxyResponses: Partial<Record<Fault['kind'], SandboxResponse>> = {
  'proxy-404': proxyPage(404, 'Not Found'),
  'too-large': proxyPage(413, 'Request Entity Too Large'),
};

const faults: Partial<Record<Fault['kind'], FaultResponse>> = {
  ...proxyResponses,
  'error-500': refusal(500, 'Something went wrong.'),
  'unavailable-503': refusal(503, 'Down for maintenance.'),
  'throttled-429': refusal(429, 'Too many requests.'),
  'unauthorized-401': refusal(401, 'The token is not valid.'),
  'forbidden-403': refusal(403, 'The token may not use this brand.'),
  garbled: { status: 200, type: 'text/html', body: '{"id": 12' },
  hang: 'hang',
  drop: 'drop',
  'commit-and-drop': 'drop',
};

/** Simulates a failure. `respondWell` handles the request without the failure, and stores the post. */
export const misbehave = async (
  fault: Fault,
  respondWell: () => SandboxResponse,
  signal: AbortSignal,
): Promise<FaultResponse> => {
  if (fault.kind === 'slow') {
    await wait(fault.ms, undefined, { signal });
    return respondWell();
  }
  const keeps = fault.commit || fault.kind === 'commit-and-drop' || fault.kind === 'garbled';
  const right = keeps ? respondWell() : null;
  const refused = right !== null && right.status >= 300;
  return fault.kind === 'garbled' && refused ? right : (faults[fault.kind] ?? 'hang');
};

/** The rate in the headers with this failure; null without such headers. */
export const rateIn = (fault: Fault | null, rate: RateState, now: number): RateState | null => {
  if (fault && proxyResponses[fault.kind]) return null;
  return fault?.kind === 'throttled-429' ? { ...rate, remaining: 0, resetAt: now + fault.ms } : rate;
};
