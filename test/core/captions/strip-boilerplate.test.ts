import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stripBoilerplate } from '../../../lib/core/captions/strip-boilerplate.ts';

const TITLE = 'Ten ways to fold a map';
const SENTENCE = 'It starts with a valley fold.';

describe('text appended by publishing systems is removed', () => {
  test.each([
    ['[…]'],
    ['[...]'],
    ['(…)'],
    ['(more…)'],
    ['(mehr …)'],
    ['Continue reading →'],
    ['Continue reading Ten ways to fold a map →'],
    ['Continue reading “Ten ways to fold a map”'],
    ['Continue reading…'],
    ['Read more'],
    ['[read more]'],
    ['(Weiterlesen …)'],
    ['Read More »'],
    ['Read the rest of this entry »'],
    ['[…] Continue reading'],
    ['„Ten ways to fold a map“ weiterlesen'],
    ['Weiterlesen →'],
    ['Lire la suite'],
    ['Continuer la lecture de « Ten ways to fold a map »'.replace('de ', '')],
    ['Sigue leyendo →'],
    ['Leia mais'],
    ['Leggi tutto »'],
    ['Lees verder'],
    ['Läs mer'],
    ['Czytaj dalej'],
    ['Читать далее'],
    ['続きを読む'],
    ['继续阅读'],
    ['The post Ten ways to fold a map appeared first on Paper Weekly.'],
    ['The post Ten ways to fold a map first appeared on Paper Weekly.'],
    ['\n\nDer Beitrag Ten ways to fold a map erschien zuerst auf Papier.'],
    ['\n\nL’article Ten ways to fold a map est apparu en premier sur Papier.'],
    ['\n\nLa entrada Ten ways to fold a map se publicó primero en Papel.'],
    ["L'entrada Ten ways to fold a map ha aparegut primer a Paper."],
    ['O post Ten ways to fold a map apareceu primeiro em Papel.'],
    ['L’articolo Ten ways to fold a map proviene da Carta.'],
    ['Het bericht Ten ways to fold a map verscheen eerst op Papier.'],
    ['Inlägget Ten ways to fold a map dök först upp på Papper.'],
    ['Artykuł Ten ways to fold a map pochodzi z serwisu Papier.'],
    ['Сообщение Ten ways to fold a map появились сначала на Бумага.'],
    ['Запис Ten ways to fold a map спершу з’явився на Папір.'],
    ['Το άρθρο Ten ways to fold a map εμφανίστηκε πρώτα στο Χαρτί.'],
    ['\nTen ways to fold a map yazısı ilk önce Kağıt üzerinde ortaya çıktı.'],
    ['\nTen ways to fold a map は 紙 に最初に表示されました。'],
    ['\nTen ways to fold a map最先出现在纸。'],
    ['[…]\n\nThe post Ten ways to fold a map appeared first on Paper Weekly.'],
  ])('%j', (tail) => {
    expect(stripBoilerplate(`${SENTENCE} ${tail}`, TITLE)).toBe(SENTENCE);
  });
});

describe('text written by the author is kept', () => {
  test.each([
    ['I always want to read more.'],
    ['Continue reading books and you will know.'],
    ['She left…'],
    ['The first post was red.'],
    ['He quotes [sic] a lot.'],
    ['The price fell (again).'],
    ['Learn more by doing it every day for years.'],
  ])('%j', (text) => {
    expect(stripBoilerplate(text, TITLE)).toBe(text);
  });
});

test('only a suffix is ever removed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.option(fc.string()), (text, title) => {
      expect(text.startsWith(stripBoilerplate(text, title))).toBe(true);
    }),
  );
});
