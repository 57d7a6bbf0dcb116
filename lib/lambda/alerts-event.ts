import * as v from 'valibot';

/** What starts send-alerts: `{}`, from its schedule or a person. */
export const AlertsEvent = v.strictObject({});
