import type { Language } from './language.ts';

export const danish: Language = {
  footers: [
    {
      begins: ['Indlægget/Artiklen'],
      goesOn: [
        'blev/dukkede/vises først på/den',
        'blev/dukkede/vises først udgivet/vist/op på/den',
        'blev vist først på/den',
        'blev vist først udgivet/vist/op på/den',
      ],
    },
  ],
  readOn: ['Læs mere', 'Læs videre', 'Fortsæt læsning/læsningen'],
};
