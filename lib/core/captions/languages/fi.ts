import type { Language } from './language.ts';

export const finnish: Language = {
  footers: [
    {
      begins: ['Artikkeli/Julkaisu/Kirjoitus'],
      goesOn: ['julkaistiin/ilmestyi/näkyi ensin', 'julkaistiin/ilmestyi/näkyi ensimmäisen kerran'],
    },
  ],
  readOn: ['Jatka lukemista', 'Lue lisää'],
};
