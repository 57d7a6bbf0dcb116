import type { Language } from './language.ts';

export const slovenian: Language = {
  footers: [{ begins: ['Objava/Prispevek'], goesOn: ['se je najprej/prvič pojavil/pojavila/pojavilo na'] }],
  readOn: ['Preberi več', 'Nadaljuj z branjem'],
};
