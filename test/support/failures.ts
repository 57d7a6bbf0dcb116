import type { faultKinds } from '../../local/sandbox/faults.ts';
import type { Response } from './world.ts';

/** How the pipeline sees each failure of the sandbox. */
const responseTo: Readonly<Record<(typeof faultKinds)[number], Response>> = {
  'error-500': 'lost, not created',
  'unavailable-503': 'lost, not created',
  'throttled-429': 'throttled',
  'proxy-404': 'not-created',
  'too-large': 'not-created',
  hang: 'lost, created late',
  'commit-and-drop': 'lost, created',
  drop: 'lost, not created',
  slow: 'created',
  garbled: 'created, unreadable',
  'unauthorized-401': 'unauthorized',
  'forbidden-403': 'forbidden',
};

/** Every response: each failure once, success and rejection. */
export const allResponses: Response[] = [...new Set<Response>([...Object.values(responseTo), 'rejected'])];
