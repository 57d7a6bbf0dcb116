import { expect, test } from 'vitest';
import { textOfRich } from '../../lib/webhooks/rich-text.ts';

const leaf = (text: string) => ({ type: 'text', text });
const block = (type: string, ...children: unknown[]) => ({ type, children });

test.each<[string, unknown, string | null | undefined]>([
  [
    'Strapi blocks',
    [
      block('heading', leaf('First')),
      block('paragraph', leaf('Bread, '), block('link', leaf('cheese')), leaf('.')),
      block('list', block('list-item', leaf('wine')), block('list-item', leaf('grapes'))),
      block('image', leaf('')),
    ],
    'First\n\nBread, cheese.\n\nwine\n\ngrapes',
  ],
  [
    'Sanity portable text',
    [
      { _type: 'block', style: 'h1', children: [{ _type: 'span', text: 'First' }] },
      { _type: 'image', asset: {} },
      { _type: 'block', style: 'normal', children: [{ _type: 'span', text: 'Bread.' }] },
    ],
    'First\n\nBread.',
  ],
  [
    'a Contentful document',
    {
      nodeType: 'document',
      content: [
        { nodeType: 'paragraph', content: [{ nodeType: 'text', value: 'Bread.' }] },
        { nodeType: 'embedded-asset-block', content: [] },
      ],
    },
    'Bread.',
  ],
  ['a document without text', [block('paragraph', leaf(''))], null],
  ['a text', 'Bread', undefined],
  ['a list of texts', ['Bread'], undefined],
  ['an empty list', [], undefined],
  ['null', null, undefined],
  ['another object', { name: 'Bread' }, undefined],
])('converts %s', (_what, value, text) => {
  expect(textOfRich(value)).toBe(text);
});
