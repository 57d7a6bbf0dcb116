import type { Language } from './language.ts';

export const indonesian: Language = {
  footers: [
    { begins: ['Artikel/Postingan/Pos'], goesOn: ['pertama kali tampil/muncul/diterbitkan pada/di'] },
  ],
  readOn: ['Lanjutkan membaca', 'Baca selengkapnya', 'Baca lebih lanjut'],
};
