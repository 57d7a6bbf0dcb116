import type { Language } from './language.ts';

export const norwegian: Language = {
  footers: [{ begins: ['Innlegget'], goesOn: ['dukket først opp på', 'ble først publisert/vist på'] }],
  readOn: ['Fortsett å lese', 'Les mer', 'Les videre'],
};
