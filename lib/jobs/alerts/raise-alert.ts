import { newAlert } from '../../core/alerts/alert.ts';
import type { AlertStore, RaiseAlert } from '../../core/ports.ts';

/** Puts up a flag unless it is up; who died after it and comes again puts up none. */
export const raiseAlert =
  ({ alerts }: { alerts: Pick<AlertStore, 'put'> }): RaiseAlert =>
  async (facts) =>
    void (await alerts.put(newAlert(facts)));
