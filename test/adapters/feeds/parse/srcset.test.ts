import { expect, test } from 'vitest';
import { bestOfSrcset } from '../../../../lib/adapters/feeds/parse/srcset.ts';

test.each([
  ['a.jpg 300w, b.jpg 1024w, c.jpg 768w', 'b.jpg'],
  ['a.jpg 1x, b.jpg 2x', 'b.jpg'],
  ['a.jpg, b.jpg 1.5x', 'b.jpg'],
  ['a.jpg 1x,b.jpg 3x', 'b.jpg'],
  ['a.jpg 1024w 768h, b.jpg 512w 384h', 'a.jpg'],
  [
    'https://c.example/w_300,h_200/a.jpg 300w, https://c.example/w_900,h_600/a.jpg 900w',
    'https://c.example/w_900,h_600/a.jpg',
  ],
  ['a.jpg 1200w, b.jpg 6000w', 'a.jpg'],
  ['a.jpg 4000w, b.jpg 6000w', 'a.jpg'],
  ['data:image/gif;base64,R0lGOD 1x, a.jpg 2x', 'a.jpg'],
  ['\n  a.jpg\n', 'a.jpg'],
  ['', null],
  [' , ,', null],
])('the best candidate of %j is %j', (srcset, best) => {
  expect(bestOfSrcset(srcset)).toBe(best);
});
