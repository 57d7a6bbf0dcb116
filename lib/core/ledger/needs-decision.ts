import type { EntryRow, State } from './row.ts';

/** States in which an entry may need a decision; `uncertain` only if its draft is not looked up. */
export const decisionStates = ['held', 'review', 'rejected', 'uncertain'] as const satisfies State[];
export type DecisionState = (typeof decisionStates)[number];

export const isDecisionState = (state: State): state is DecisionState =>
  (decisionStates as readonly State[]).includes(state);

/** Whether only a decision moves an entry on. */
export const needsDecision = ({ state, wakeAt }: Pick<EntryRow, 'state' | 'wakeAt'>): boolean =>
  isDecisionState(state) && (state !== 'uncertain' || wakeAt === null);
