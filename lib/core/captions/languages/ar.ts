import type { Language } from './language.ts';

export const arabic: Language = {
  footers: [{ begins: ['ظهرت المقالة/التدوينة'], goesOn: ['أولاً على/في'] }],
  readOn: ['متابعة القراءة', 'اقرأ المزيد', 'إقرأ المزيد', 'أكمل القراءة'],
};
