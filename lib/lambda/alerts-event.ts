import * as v from 'valibot';

/** The event that starts send-alerts: `{}`, from its schedule or manually. */
export const AlertsEvent = v.strictObject({});
