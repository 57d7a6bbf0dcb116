import type { Language } from './language.ts';

export const estonian: Language = {
  footers: [{ begins: ['Postitus'], goesOn: ['ilmus esmalt/algselt'] }],
  readOn: ['Loe edasi', 'Jätka lugemist'],
};
