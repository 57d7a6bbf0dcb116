import type { Language } from './language.ts';

export const czech: Language = {
  footers: [
    {
      begins: ['Příspěvek/Článek'],
      goesOn: ['pochází z', 'se nejdříve objevil na', 'byl nejdříve publikován'],
    },
  ],
  readOn: ['Pokračovat ve čtení', 'Číst dál/dále/více', 'Celý článek'],
};
