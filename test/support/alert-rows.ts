import { newAlert } from '../../lib/core/alerts/alert.ts';
import type { AlertFacts, AlertRow } from '../../lib/core/alerts/alert-row.ts';

/** An active condition: one entry of the newsroom is uncertain. */
export const aFact = (given: Partial<AlertFacts> = {}): AlertFacts => ({
  id: `${given.kind ?? 'outcome-unknown'}/${given.subject ?? 'newsroom'}`,
  kind: 'outcome-unknown',
  subject: 'newsroom',
  since: 0,
  notifyAt: given.since ?? 0,
  count: 1,
  detail: null,
  entryKey: null,
  ...given,
});

/** An alert about which every channel has been notified. */
export const aFlag = (given: Partial<AlertRow> = {}): AlertRow => ({
  ...newAlert(aFact(given)),
  pendingChannels: [],
  notified: true,
  ...given,
});
