import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstSentences } from '../../lib/core/captions/sentences.ts';

const end = ' Next one.';

describe('firstSentences does not end at an abbreviation in', () => {
  test.each([
    ['English', 'Dr. Meyer opens the No. 5 shop on St. Pauli.'],
    ['English', 'Mr. and Mrs. Jones vs. Prof. Smith, e.g. Monday.'],
    ['English', 'Version 2.0 of our app v. 1.9 is out!'],
    ['English', 'J. R. R. Tolkien and the U.S. Army agree.'],
    ['English', 'Doors open on Oct. 3 at approx. Ten.'],
    ['German', 'Am 3. Oktober um 10.30 Uhr geht es los.'],
    ['German', 'Das gilt z. B. Montags, d. h. Immer, bzw. Nie.'],
    ['German', 'Das gilt z.B. Die ganze Woche für Hrn. Maier und Fr. Otto.'],
    ['German', 'Der 1. FC Köln feiert den 75. Geburtstag im XX. Jahrhundert.'],
    ['German', 'Bis zum 20./21. Mai ist ggf. Nr. 7 inkl. Versand zu haben.'],
    ['French', 'M. Dupont et Mme. Le Gall sont là, p. ex. Mardi, cf. Paris.'],
    ['French', 'Le no. 5 sort le 3 oct. 2026 chez Mgr. Durand.'],
    ['Spanish', 'El Sr. García y la Dra. López viven en la Avda. Mayor.'],
    ['Spanish', 'Los EE. UU. Mandan, p. ej. Hoy, en la pág. 12.'],
    ['Italian', 'Il Sig. Rossi e la Dott.ssa Verdi, ad es. Oggi, a pag. 5.'],
    ['Italian', 'Il Prof. Bianchi e l’Avv. Neri sono qui.'],
    ['Portuguese', 'O Sr. Silva e a Dra. Costa moram na Av. Paulista.'],
    ['Portuguese', 'Ver p. ex. Lisboa, pág. 3, por ex. Porto.'],
    ['Dutch', 'Dhr. Jansen en mevr. De Vries komen o.a. Morgen, bijv. Hier.'],
    ['Dutch', 'Het gaat m.b.t. Amsterdam over nr. 5 van ca. Tien.'],
    ['Polish', 'Ks. Jan i prof. Nowak mieszkają przy ul. Długiej, np. Dziś.'],
    ['Polish', 'Pomnik im. Chopina, m.in. Tutaj, nr. 7 na os. Leśnym.'],
  ])('%s: %s', (_language, sentence) => {
    expect(firstSentences(sentence + end, 1)).toBe(sentence);
    expect(firstSentences(sentence + end, 2)).toBe(sentence + end);
  });
});

describe('firstSentences ends at a sentence whose last word', () => {
  test.each([
    ['is a year', 'It was made in 2025. Then it sold out.', 'It was made in 2025.'],
    ['is a number', 'Only 12. Everyone wants one.', 'Only 12.'],
    ['is a short word', 'The answer is no. We stay.', 'The answer is no.'],
    ['is etc.', 'Hats, coats, etc. New ones come.', 'Hats, coats, etc.'],
    ['has periods between its letters', 'Made in the U.S. The rest is not.', 'Made in the U.S.'],
    ['is a time', 'Doors open at 9 p.m. Everyone is welcome.', 'Doors open at 9 p.m.'],
    ['is one letter', 'This is plan B. It works.', 'This is plan B.'],
    ['is an ordinal number before a new sentence', 'Er kommt am 3. Dann geht er.', 'Er kommt am 3.'],
    ['ends like an abbreviation', 'She loves ballads. Dr. No sings.', 'She loves ballads.'],
    ['is before a line break', 'By Dr.\nMeyer came.', 'By Dr.'],
  ])('%s', (_what, text, first) => {
    expect(firstSentences(text, 1)).toBe(first);
  });
});

test('a number alone is not a sentence', () => {
  expect(firstSentences('1. The jacket. 2. The boots.', 1)).toBe('1. The jacket.');
});

test('the result is a prefix of the text, longer for more sentences', () => {
  const word = fc.constantFrom(
    'Dr.',
    'z. B.',
    'U.S.',
    '3.',
    'Oktober',
    'The',
    'it',
    'No.',
    'end.',
    'so?',
    '\n',
    '…',
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), fc.nat(5), (words, count) => {
      const text = words.join(' ');
      const [some, more] = [firstSentences(text, count), firstSentences(text, count + 1)];

      expect(text.trim().startsWith(some)).toBe(true);
      expect(more.startsWith(some)).toBe(true);
      expect(firstSentences(text, 1_000)).toBe(text.trim());
    }),
  );
});

test('the time is linear even if every segment ends in an abbreviation', () => {
  const text = 'Dr. '.repeat(5_000);

  expect(firstSentences(text, 1)).toBe(text.trim());
});
