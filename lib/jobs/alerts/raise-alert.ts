import { newAlert } from '../../core/alerts/alert.ts';
import type { AlertFacts } from '../../core/alerts/alert-row.ts';
import type { AlertStore } from '../../core/ports.ts';

/** Puts up a flag unless it is up; who died after it and comes again puts up none. */
export const raiseAlert = async (
  { alerts }: { alerts: Pick<AlertStore, 'put'> },
  facts: AlertFacts,
): Promise<void> => void (await alerts.put(newAlert(facts)));
