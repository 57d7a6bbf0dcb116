import { describe, expect, it } from 'vitest';
import { fieldWorld, type Stubborn } from './field-world.ts';

/** The validators that a server sends with every response, and answers with a 304 when they are sent back. */
const always = (validators: { etag: string | null; lastModified: string | null }): Stubborn => ({
  sends: validators,
  returns304: ({ etag, lastModified }) =>
    (etag !== null && etag === validators.etag) ||
    (lastModified !== null && lastModified === validators.lastModified),
});

describe('a server that responds 304 despite new entries', () => {
  it('[19] does not receive a date older than the newest entry, so that new entries are drafted at the next poll', async () => {
    const w = fieldWorld(
      '19-stuck-304',
      always({ etag: null, lastModified: 'Thu, 01 Jan 1970 00:00:01 GMT' }),
    );

    await w.poll(1);
    await w.poll(2);

    expect(w.drafts()).toEqual(['Clay from the river']);
  });

  it('[19] is polled without validators once a day, and always after a wrong 304 was found', async () => {
    const w = fieldWorld('19-stuck-304', always({ etag: '"0-0"', lastModified: null }));
    await w.poll(1);

    for (let hour = 0; hour < 26; hour++) await w.poll(2);
    expect(w.drafts()).toEqual(['Clay from the river']);

    for (let hour = 0; hour < 5; hour++) await w.poll(3);
    expect(w.drafts()).toEqual(['Clay from the river', 'Winter hours']);
  });
});
