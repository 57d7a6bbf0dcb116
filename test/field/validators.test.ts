import { describe, expect, it } from 'vitest';
import { fieldWorld, type Stubborn } from './field-world.ts';

/** What a server sends with every answer, and takes for "unchanged" whenever it is sent back. */
const always = (validators: { etag: string | null; lastModified: string | null }): Stubborn => ({
  sends: validators,
  answers304: ({ etag, lastModified }) =>
    (etag !== null && etag === validators.etag) ||
    (lastModified !== null && lastModified === validators.lastModified),
});

describe('a server that answers 304 whatever is new', () => {
  it('[19] is not sent a date that is older than the newest entry, so that news is drafted at the next poll', async () => {
    const w = fieldWorld(
      '19-stuck-304',
      always({ etag: null, lastModified: 'Thu, 01 Jan 1970 00:00:01 GMT' }),
    );

    await w.poll(1);
    await w.poll(2);

    expect(w.drafts()).toEqual(['Clay from the river']);
  });

  it('[19] is asked without validators once a day, and after that has found news no longer with them', async () => {
    const w = fieldWorld('19-stuck-304', always({ etag: '"0-0"', lastModified: null }));
    await w.poll(1);

    for (let hour = 0; hour < 26; hour++) await w.poll(2);
    expect(w.drafts()).toEqual(['Clay from the river']);

    for (let hour = 0; hour < 5; hour++) await w.poll(3);
    expect(w.drafts()).toEqual(['Clay from the river', 'Winter hours']);
  });
});
