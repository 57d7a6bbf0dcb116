import type { Language } from './language.ts';

export const serbian: Language = {
  footers: [{ begins: ['Чланак/Објава/Садржај'], goesOn: ['се појављује прво на'] }],
  readOn: ['Настави са читањем', 'Прочитај више'],
};
