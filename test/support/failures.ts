import type { faultKinds } from '../../local/sandbox/faults.ts';
import type { Answer } from './world.ts';

/** How the pipeline sees each failure of the sandbox. */
const answerTo: Readonly<Record<(typeof faultKinds)[number], Answer>> = {
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
export const allAnswers: Answer[] = [...new Set<Answer>([...Object.values(answerTo), 'rejected'])];
