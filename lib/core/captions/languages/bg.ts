import type { Language } from './language.ts';

export const bulgarian: Language = {
  footers: [
    { begins: ['Публикацията/Статията'], goesOn: ['се появи първо на', 'беше публикувана за първи път'] },
  ],
  readOn: ['Прочетете още', 'Продължаване на четенето', 'Прочети повече'],
};
