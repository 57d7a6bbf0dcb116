import { describe, expect, it } from 'vitest';
import { recognizedText } from '../../lib/core/entries/identity/format-recognized.ts';
import { findNamed } from '../../lib/jobs/operator/find-entries.ts';
import { story } from '../support/entries.ts';
import { world } from '../support/world.ts';
import { fieldWorld } from './field-world.ts';

type Known = Pick<ReturnType<typeof world>, 'services'>;

/** The titles and captions found for a name, and why they were found. */
const explained = async ({ services }: Known, name: string) =>
  (await findNamed(services, [name])).map(({ row, recognized }) => [
    row.post?.text ?? row.title,
    row.published?.slice(0, 10),
    ...recognized.map((one) => recognizedText(one, row)),
  ]);

describe('looking up an ID or a link', () => {
  it('[08] finds the offer with that ID, not another with the same title and link', async () => {
    const w = fieldWorld('08-recurring-offer');
    await w.poll(1);
    await w.poll(2);

    expect(await explained(w, 'pot-w46')).toEqual([['Pot of the week', '2026-11-09']]);
    expect(await explained(w, 'pot-w47')).toEqual([['Pot of the week', '2026-11-16']]);
  });

  it('[08] finds every offer with the link', async () => {
    const w = fieldWorld('08-recurring-offer');
    await w.poll(1);
    await w.poll(2);

    expect((await explained(w, 'https://kiln.example/pot-of-the-week')).map(([, day]) => day)).toEqual([
      '2026-11-09',
      '2026-11-16',
    ]);
  });

  it('[26] finds the entry that an edited one was recognized as, with the matching fact', async () => {
    const w = fieldWorld('26-guid-and-title-change');
    await w.poll(1);
    await w.poll(2);

    const [found] = await explained(w, 'https://kiln.example/notes/6#v4');

    expect(found?.[0]).toBe('Repairing a teapot');
    expect(found?.[2]).toMatch(
      /^same \S+ and date as “Repairing a teapot”, with another title: “Repairing a teapot \(now with pictures\)”$/,
    );
  });

  it.each([
    ['the guid is unchanged', { link: 'https://www.example.com/corrected' }, 'same ID'],
    [
      'the guid changes too',
      { id: 'guid-new', link: 'https://www.example.com/corrected' },
      'same title and date',
    ],
  ])('finds the entry by its corrected link when %s', async (_, edit, words) => {
    const w = world();
    w.publish([story(1)]);
    await w.minutes(1);
    w.publish([story(1, edit)]);
    await w.minutes(1);

    const now = 'https://www.example.com/corrected';
    expect(await explained(w, now)).toEqual([
      ['Story 1', '2026-01-01', `${words} as “Story 1”, published under another link: ${now}`],
    ]);
    expect(w.rows()).toHaveLength(1);
  });

  it("finds the same story's entry in another feed of the brand", async () => {
    const w = world([{}, { id: 'blog', url: 'https://blog.example.com/feed.xml' }]);
    w.publish([]);
    await w.minutes(1);
    w.publish([story(1)]);
    await w.minutes(1);
    w.publish([story(1, { id: 'blog-1' })], 'blog');
    await w.minutes(1);

    expect(await explained(w, 'blog-1')).toEqual([
      ['Story 1', '2026-01-01', 'same page and title as “Story 1”'],
    ]);
  });
});
