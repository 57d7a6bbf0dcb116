import type { Language } from './language.ts';

export const latvian: Language = {
  readOn: ['Lasīt tālāk/vairāk', 'Turpināt lasīt'],
};
