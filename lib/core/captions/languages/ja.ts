import type { Language } from './language.ts';

export const japanese: Language = {
  footers: [
    { begins: [], goesOn: ['に最初に表示されました', 'に最初に投稿されました', 'に最初に掲載されました'] },
  ],
  readOn: ['続きを読む', 'もっと読む'],
};
