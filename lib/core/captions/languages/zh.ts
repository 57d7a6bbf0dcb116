import type { Language } from './language.ts';

export const chinese: Language = {
  footers: [{ begins: [], goesOn: ['最先出现在', '最先出現在', '最早出現於'] }],
  readOn: ['继续阅读', '阅读更多', '阅读全文', '繼續閱讀', '閱讀更多', '閱讀全文'],
};
