import { beforeEach, describe, expect, it } from 'vitest';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { storeChangedArticle } from '../support/changed-article.ts';
import { configOf } from '../support/cli.ts';
import { cliWithRows, json } from '../support/cli-with-rows.ts';
import { feedOf } from '../support/entries.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const { target, cli, put } = cliWithRows();
const row = () => target().stores.ledger.rows.get('a') as EntryRow;

beforeEach(async () => {
  target().config = () => configOf([feedOf({ caption: '{{ title }}!' })]);
  await storeChangedArticle(target().stores.ledger, now);
  put({ key: 'other', state: 'drafted' });
});

describe('explain', () => {
  it('shows what changed in the article, and the caption that its draft would have now', async () => {
    const { out } = await cli('explain a');

    expect(out).toContain('The article changed after its draft');
    expect(out).toContain('title: “Friday” → “Monday”');
    expect(out).toMatch(/caption now\n {2}Opens on Monday!/);
    expect(out).toContain('keep-draft a');
  });

  it('has both as JSON', async () => {
    expect(json(await cli('explain a --json')).entries[0]).toMatchObject({
      change: {
        state: 'open',
        at: '2026-11-22T11:59:59.999Z',
        difference: 'title: “Friday” → “Monday”',
        draft: [{ field: 'text', sent: 'Opens on Friday', now: 'Opens on Monday!' }],
      },
    });
    expect(json(await cli('explain other --json')).entries[0].change).toBeNull();
  });
});

describe('list --changed', () => {
  it('lists only drafts whose article changed', async () => {
    const { out } = await cli('list --changed');

    expect(out).toContain('Opens on Friday');
    expect(out).not.toContain('other');
  });
});

describe('keep-draft', () => {
  it('keeps the draft, once', async () => {
    const { code, out } = await cli('keep-draft a');

    expect([code, out]).toEqual([
      0,
      expect.stringContaining('The draft of “Opens on Friday” stays as it is.'),
    ]);
    expect(row().laterVersion?.state).toBe('kept');
    expect((await cli('keep-draft a')).err).toContain('needs no decision about its draft');
  });
});

describe('update-draft', () => {
  it('shows both texts, asks, and queues the change', async () => {
    const { code, err, out } = await cli('update-draft a', { answers: ['y'] });

    expect([code, out]).toEqual([0, expect.stringContaining('is being changed')]);
    expect(err).toContain('text that was sent: Opens on Friday');
    expect(err).toContain('text now: Opens on Monday!');
    expect(row().laterVersion).toMatchObject({ state: 'updating', unchecked: false });
  });

  it('changes nothing without a yes', async () => {
    expect((await cli('update-draft a', { answers: ['n'] })).out).toContain('Nothing was changed.');
    expect(row().laterVersion?.state).toBe('open');
  });

  it('replaces what the draft says with --unchecked', async () => {
    await cli('update-draft a --unchecked --yes');

    expect(row().laterVersion).toMatchObject({ state: 'updating', unchecked: true });
  });

  it('is refused for an article that has not changed', async () => {
    expect((await cli('update-draft other --yes')).err).toContain(
      'its article has not changed since its draft',
    );
  });
});
