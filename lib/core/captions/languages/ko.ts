import type { Language } from './language.ts';

export const korean: Language = {
  footers: [{ begins: [], goesOn: ['에 처음/먼저 등장/나타/게시'] }],
  readOn: ['계속 읽기', '더 읽기', '더 보기'],
};
