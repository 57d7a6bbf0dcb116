import type { Language } from './language.ts';

export const persian: Language = {
  footers: [{ begins: ['نوشته'], goesOn: ['اولین بار در'] }],
  readOn: [
    'ادامه خواندن',
    'ادامه\u200cخواندن',
    'ادامه\u200cی خواندن',
    'ادامهی خواندن',
    'ادامه ی خواندن',
    'ادامه مطلب',
  ],
};
