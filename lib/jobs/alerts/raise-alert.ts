import { newAlert } from '../../core/alerts/alert.ts';
import type { AlertFacts } from '../../core/alerts/alert-row.ts';
import type { AlertStore } from '../../core/ports.ts';

/** Raises an alert unless it is raised already; repeating it after a crash raises no second one. */
export const raiseAlert = async (
  { alerts }: { alerts: Pick<AlertStore, 'put'> },
  facts: AlertFacts,
): Promise<void> => void (await alerts.put(newAlert(facts)));
