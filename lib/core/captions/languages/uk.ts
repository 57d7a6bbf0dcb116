import type { Language } from './language.ts';

export const ukrainian: Language = {
  footers: [
    {
      begins: ['Запис/Допис/Стаття'],
      goesOn: ["спершу/вперше/спочатку з'явився/з'явилася/з'явилась/з'явилося на"],
    },
  ],
  readOn: ['Читати далі', 'Продовжити читання', 'Докладніше'],
};
