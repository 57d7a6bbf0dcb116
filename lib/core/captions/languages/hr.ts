import type { Language } from './language.ts';

export const croatian: Language = {
  footers: [
    {
      begins: ['Objava/Post/Članak'],
      goesOn: [
        'pojavio/pojavila se prvi put/puta na',
        'se prvo pojavio/pojavila na',
        'se pojavljuje prvo na',
      ],
    },
  ],
  readOn: ['Nastavi čitati', 'Nastavi sa čitanjem', 'Pročitaj/Pročitajte više'],
};
