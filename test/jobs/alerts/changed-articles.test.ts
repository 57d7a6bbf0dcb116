import { describe, expect, it } from 'vitest';
import { changeListedMs } from '../../../lib/core/ledger/later-version.ts';
import { keepDraft } from '../../../lib/jobs/operator/keep-draft.ts';
import { alertWorld } from '../../support/alert-world.ts';
import { story } from '../../support/entries.ts';

const hour = 3_600_000;
const edited = (n: number, words = 'corrected') => story(n, { title: `Story ${n}, ${words}` });

const drafted = async (onEdit: 'ignore' | 'alert' = 'alert') => {
  const w = alertWorld([{ onEdit }]);
  await w.poll();
  w.publish([story(1), story(2), story(3)]);
  await w.poll();
  await w.deliverWakeUps();
  await w.look();
  w.takeNotices();
  return w;
};

describe('an alert about articles that changed after their drafts', () => {
  it('is one for all of a feed, with the latest difference', async () => {
    const w = await drafted();
    w.publish([edited(1), edited(2), story(3)]);
    await w.poll();

    await w.look();
    await w.look();

    const [notice, ...others] = w.heard.slack ?? [];
    expect(others).toEqual([]);
    expect(notice).toMatchObject({ id: 'article-changed/newsroom', count: 2 });
    expect(notice?.text).toMatch(
      /^2 articles of newsroom changed after their drafts were made\. Latest: Story \d: title: added “, corrected”\. Compare, /,
    );
    expect(notice?.command).toContain('list --changed --feed newsroom');
  });

  it('is sent again for further articles, an hour later at the earliest', async () => {
    const w = await drafted();
    w.publish([edited(1), story(2), story(3)]);
    await w.poll();
    await w.look();
    w.publish([edited(1), edited(2), story(3)]);
    await w.poll();
    await w.look();
    expect(w.takeNotices()).toEqual(['began article-changed/newsroom']);

    w.state.now += hour;
    await w.look();

    expect(w.takeNotices()).toEqual(['began article-changed/newsroom']);
  });

  it('ends silently when you decide, and begins again with the next change', async () => {
    const w = await drafted();
    w.publish([edited(1), story(2), story(3)]);
    await w.poll();
    await w.look();
    w.takeNotices();
    const row = w.rows().find(({ laterVersion }) => laterVersion !== null);

    await keepDraft({ ledger: w.stores.ledger, clock: w.services.clock }, row?.key ?? '', { by: 'anna' });
    await w.look();
    expect(w.takeNotices()).toEqual([]);
    expect(w.rows().find(({ key }) => key === row?.key)).toMatchObject({
      laterVersion: { state: 'kept' },
      history: [{}, {}, {}, { code: 'article.changed' }, { code: 'article.kept', detail: 'by anna' }],
    });

    w.publish([edited(1, 'once more'), story(2), story(3)]);
    await w.poll();
    await w.look();
    expect(w.takeNotices()).toEqual(['began article-changed/newsroom']);
  });

  it('ends after a week without a decision', async () => {
    const w = await drafted();
    w.publish([edited(1), story(2), story(3)]);
    await w.poll();
    await w.look();
    w.takeNotices();

    w.state.now += changeListedMs + 1;
    await w.look();

    expect(w.takeNotices('slack', 'article-changed')).toEqual([]);
    expect((await w.stores.alerts.rows(9)).map(({ kind }) => kind)).not.toContain('article-changed');
  });

  it('does not exist with on_edit: ignore', async () => {
    const w = await drafted('ignore');
    w.publish([edited(1), story(2), story(3)]);
    await w.poll();

    await w.look();

    expect(w.takeNotices()).toEqual([]);
  });
});

describe('the decision to keep a draft', () => {
  it('is refused when there is nothing to decide', async () => {
    const w = await drafted();
    const [row] = w.rows();

    await expect(keepDraft(w.services, row?.key ?? '', { by: 'anna' })).rejects.toMatchObject({
      code: 'article.not-changed',
      message: expect.stringContaining('has not changed since you last decided'),
    });
    await expect(keepDraft(w.services, 'none', { by: 'anna' })).rejects.toMatchObject({
      code: 'entry.unknown',
    });
  });
});
