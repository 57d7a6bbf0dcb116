import type { Language } from './language.ts';

export const greek: Language = {
  footers: [{ begins: ['Το άρθρο/κείμενο', 'Η δημοσίευση'], goesOn: ['εμφανίστηκε πρώτα στο/στην/στη'] }],
  readOn: ['Συνεχίστε την ανάγνωση', 'Διαβάστε περισσότερα', 'Συνέχεια'],
};
