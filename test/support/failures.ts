import type { faultKinds } from '../../local/sandbox/faults.ts';
import type { Answer } from './world.ts';

/** What each failure of the sandbox is to the pipeline. */
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

/** Every way to fail, once each, and to succeed or to be refused. */
export const allAnswers: Answer[] = [...new Set<Answer>([...Object.values(answerTo), 'rejected'])];
