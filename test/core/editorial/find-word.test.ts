import { expect, test } from 'vitest';
import { hasWord, isSameText, searchable } from '../../../lib/core/editorial/find-word.ts';

test.each([
  ['A new launch today', 'launch', true],
  ['LAUNCH!', 'launch', true],
  ['launch', 'Launch', true],
  ['The launches', 'launch', false],
  ['prelaunch', 'launch', false],
  ['relaunch, then the launch', 'launch', true],
  ['launch_2', 'launch', false],
  ['launch2', 'launch', false],
  ['"launch"-day', 'launch', true],
  ['a product   launch\nis', 'product launch', true],
  ['C++ and C#', 'C++', true],
  ['Grüße aus der STRASSE', 'Straße', true],
  ['naïve', 'naïve'.normalize('NFD'), true],
  ['café', 'cafe', false],
  ['ＬＡＵＮＣＨ in full width', 'launch', true],
  ['ΟΔΟΣ', 'οδος', true],
  ['İstanbul', 'istanbul', true],
  ['новый запуск сегодня', 'Запуск', true],
  ['запуска', 'запуск', false],
  ['إطلاق المنتج', 'إطلاق', true],
  ['नया लॉन्च आज', 'लॉन्च', true],
  ['लॉन्चिंग', 'लॉन्च', false],
  ['新製品発売のお知らせ', '発売', true],
  ['iPhone発売', 'iPhone', true],
  ['สินค้าใหม่เปิดตัว', 'เปิดตัว', true],
  ['신제품 출시를 알립니다', '출시', true],
  ['재출시', '출시', false],
  ['𠮷野家の新商品', '新商品', true],
  ['Regen\u00adjacke neu', 'Regenjacke', true],
  ['Regenjacke', 'Regen\u00adjacke', true],
  ['T\u2011shirt', 'T-Shirt', true],
  ['T–Shirt', 'T‐shirt', true],
  ['l’été', "l'été", true],
  ['L\u2032E\u0301TE\u0301', 'l’été', true],
  ['new\u00a0in today', 'new in', true],
  ['zero\u200bwidth', 'zerowidth', true],
  ['“quoted” word', '"quoted"', true],
  ['anything', '  ', false],
])('finding in "%s" the word "%s": %s', (text, word, found) => {
  expect(hasWord(searchable(text), word)).toBe(found);
});

test.each([
  ['Products', 'products', true],
  [' Product  news ', 'product news', true],
  ['Products', 'Product', false],
  ['L’été', "L'été", true],
  ['Rain\u00ad wear', 'rain\u00a0wear', true],
])('"%s" and "%s" are equal: %s', (a, b, same) => {
  expect(isSameText(a, b)).toBe(same);
});
