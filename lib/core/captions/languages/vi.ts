import type { Language } from './language.ts';

export const vietnamese: Language = {
  footers: [{ begins: ['Bài viết'], goesOn: ['xuất hiện đầu/trước tiên', 'đã xuất hiện đầu/trước tiên'] }],
  readOn: ['Đọc tiếp', 'Xem thêm', 'Tiếp tục đọc'],
};
