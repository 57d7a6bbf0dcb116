import type { Language } from './language.ts';

export const thai: Language = {
  readOn: ['อ่านต่อ', 'อ่านเพิ่มเติม'],
};
