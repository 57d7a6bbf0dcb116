import type { Language } from './language.ts';

export const romanian: Language = {
  footers: [{ begins: ['Articolul/Postarea'], goesOn: ['apare prima dată în/pe'] }],
  readOn: ['Continuă să citești', 'Continuă lectura', 'Citește mai mult/departe'],
};
