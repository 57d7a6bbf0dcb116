import type { EntryRow, State } from './row.ts';

/** States in which an entry may need a decision; `uncertain` only if its draft is not looked up. */
export const decisionStates = ['held', 'review', 'rejected', 'uncertain'] as const satisfies State[];
export type DecisionState = (typeof decisionStates)[number];

export const isDecisionState = (state: State): state is DecisionState =>
  (decisionStates as readonly State[]).includes(state);

/** Whether the draft of an entry with an unknown outcome is still looked up, so that no decision is needed yet. */
export const isLookedUp = ({ state, wakeAt }: Pick<EntryRow, 'state' | 'wakeAt'>): boolean =>
  state === 'uncertain' && wakeAt !== null;

/** Whether only a decision moves an entry on. */
export const needsDecision = (row: Pick<EntryRow, 'state' | 'wakeAt'>): boolean =>
  isDecisionState(row.state) && !isLookedUp(row);
