import type { Language } from './language.ts';

export const catalan: Language = {
  footers: [
    {
      begins: ["L'entrada/L'article"],
      goesOn: ['ha aparegut primer a/en', 'va aparèixer primer a/en', 'aparegué primer a/en'],
    },
  ],
  readOn: ['Llegiu més', 'Continua llegint'],
};
