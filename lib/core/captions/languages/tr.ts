import type { Language } from './language.ts';

export const turkish: Language = {
  footers: [{ begins: [], goesOn: ['yazısı/gönderisi/içeriği ilk önce'] }],
  readOn: ['Okumaya devam et', 'Devamını oku', 'Daha fazla'],
};
