import type { Language } from './language.ts';

export const lithuanian: Language = {
  footers: [{ begins: ['Įrašas'], goesOn: ['pirmiausia pasirodė', 'pirmiausia buvo paskelbtas'] }],
  readOn: ['Skaityti toliau/daugiau'],
};
