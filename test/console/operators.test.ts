import { describe, expect, it } from 'vitest';
import { replyTo } from '../../console/respond.ts';
import type { Role } from '../../lib/core/access/role.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { consoleOverHttp } from '../support/console-over-http.ts';
import { hostile } from '../support/console-scene.ts';
import { anEntryRow, aPointer } from '../support/store-rows.ts';

const { scene, ask, post, noticeAfter } = consoleOverHttp();

const put = (given: Partial<EntryRow> = {}) => {
  const row = anEntryRow({
    key: 'a',
    title: 'A bridge',
    state: 'held',
    wakeAt: null,
    feed: 'newsroom',
    ...given,
  });
  scene().target.stores.ledger.rows.set(row.key, row);
  return row;
};
const stored = () => scene().target.stores.ledger.rows;
const as = async (role: Role, target: string, fields?: Record<string, string>) => {
  const body = Buffer.from(new URLSearchParams({ token: 'a-token-of-the-scene', ...fields }).toString());
  return replyTo(
    { ...scene().context, visitor: { shown: role, role } },
    {
      method: fields ? 'POST' : 'GET',
      target,
      headers: { origin: 'http://127.0.0.1', 'content-type': 'application/x-www-form-urlencoded' },
      origin: 'http://127.0.0.1',
      read: async () => body,
    },
  );
};

describe('an operator', () => {
  it('sees a row as it is stored', async () => {
    put({ title: hostile.title });

    const { status, body } = await ask('/row?key=a');

    expect(status).toBe(200);
    expect(body).toContain('&quot;key&quot;: &quot;a&quot;');
    expect(body).not.toMatch(/<script>alert|<img src=x/);
  });

  it('sees the consequences before deleting an entry', async () => {
    put({ state: 'drafted', postId: 1004 });

    const { body } = await ask('/entry?key=a');

    expect(body).toContain('Draft 1004 stays in Dash Social.');
    expect(body).toContain('This cannot be undone.');
  });

  it('deletes an entry with the keys that its row names, and is recorded', async () => {
    put({ leading: ['alias', 'of another'] });
    stored().set('alias', aPointer({ key: 'alias', owner: 'a' }));
    stored().set('of another', aPointer({ key: 'of another', owner: 'b' }));

    const response = await post('/purge', { key: 'a' });

    expect(response.headers.location).toMatch(/^\/entries\?notice=/);
    expect(await noticeAfter(response)).toMatch(/^“A bridge” is deleted\. The entry is new when/);
    expect(['a', 'alias', 'of another'].filter((key) => stored().has(key))).toEqual(['of another']);
    expect([...scene().target.stores.activities.deeds.values()]).toMatchObject([
      { kind: 'purge', by: 'ada', count: 1, title: 'A bridge' },
    ]);
  });

  it('does not delete an entry that is being sent', async () => {
    put({ state: 'drafting' });

    expect(await noticeAfter(await post('/purge', { key: 'a' }))).toContain('was not deleted');
    expect(stored().has('a')).toBe(true);
    expect(scene().target.stores.activities.deeds.size).toBe(0);
  });

  it.each(['', 'gone'])('is refused for an entry that is not there: "%s"', async (key) => {
    expect([400, 404]).toContain((await post('/purge', { key })).status);
  });
});

describe.each<Role>(['viewer', 'editor'])('the role %s', (role) => {
  it('sees neither rows nor the button that deletes them', async () => {
    put();

    const page = await as(role, '/entry?key=a');

    expect(page.body).not.toMatch(/For operators|\/purge/);
    await expect(as(role, '/row?key=a')).rejects.toMatchObject({ code: 'console.not-allowed' });
  });

  it('deletes nothing', async () => {
    put();

    await expect(as(role, '/purge', { key: 'a' })).rejects.toMatchObject({ code: 'console.not-allowed' });

    expect(stored().has('a')).toBe(true);
  });

  it('sees who did what', async () => {
    expect((await as(role, '/activity')).status).toBe(200);
  });
});
