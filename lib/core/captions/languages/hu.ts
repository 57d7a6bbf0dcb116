import type { Language } from './language.ts';

export const hungarian: Language = {
  footers: [{ begins: ['A/A(z)/Az'], goesOn: ['bejegyzés először'] }],
  readOn: ['Olvasás folytatása', 'Tovább olvasom', 'Bővebben', 'Olvass tovább'],
};
