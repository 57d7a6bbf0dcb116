import { expect, it } from 'vitest';
import { fieldWorld } from './field-world.ts';

it('[28] a Strapi document in three languages is one draft, in the default language', async () => {
  const w = fieldWorld('28-locales');

  const received = [];
  for (const locale of ['de', 'en', 'fr', 'en']) received.push(await w.deliver('strapi', `${locale}.json`));

  expect(received).toMatchObject([
    { outcome: 'ignored', reason: 'other-locale' },
    { outcome: 'queued' },
    { outcome: 'ignored', reason: 'other-locale' },
    { outcome: 'known' },
  ]);
  expect(w.drafts()).toEqual(['Rain jacket (en)']);
});

it('[29] each entry in a list is a draft', async () => {
  const w = fieldWorld('29-array-body');

  const received = await w.deliver('bulk', 'body.json');
  const again = await w.deliver('bulk', 'body.json');

  expect(received).toMatchObject({
    outcome: 'several',
    each: [{ outcome: 'queued' }, { outcome: 'queued' }],
  });
  expect(again).toMatchObject({ outcome: 'several', each: [{ outcome: 'known' }, { outcome: 'known' }] });
  expect(w.drafts()).toEqual(['Boots at half price', 'Ropes and knots']);
});
