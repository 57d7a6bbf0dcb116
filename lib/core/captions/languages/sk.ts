import type { Language } from './language.ts';

export const slovak: Language = {
  footers: [
    {
      begins: ['Príspevok/Článok'],
      goesOn: ['zobrazený najskôr', 'je zobrazený ako prvý', 'sa zobrazil najskôr'],
    },
  ],
  readOn: ['Pokračovať v čítaní', 'Čítať ďalej/viac'],
};
