import { afterEach, describe, expect, it } from 'vitest';
import { dashDrafts } from '../../../lib/adapters/dash-social/dash-drafts.ts';
import { dashRequests } from '../../../lib/adapters/dash-social/dash-requests.ts';
import type { DashDrafts } from '../../../lib/core/ports.ts';
import { draftChanges } from '../../../lib/core/posts/draft-change.ts';
import { planUpdate } from '../../../lib/core/posts/plan-update.ts';
import { type Sandbox, startSandbox } from '../../../local/sandbox/start-sandbox.ts';
import { postOf } from '../../support/entries.ts';

let sandbox: Sandbox;
afterEach(() => sandbox.close());

const open = async (
  patches: 'fields' | 'whole post' = 'fields',
): Promise<{ drafts: DashDrafts; id: number }> => {
  sandbox = await startSandbox({ token: 'a-secret-token', brands: [144], patches });
  const send = dashRequests({ clock: Date.now, responseTimeoutMs: 300 });
  const token = { current: async () => 'a-secret-token', refreshed: async () => 'a-secret-token' };
  const post = { ...postOf('Opens on Friday'), disable_duet: true, media_ids: [12] };
  const response = await fetch(`${sandbox.url}/tiktok/scheduled_posts`, {
    method: 'POST',
    headers: { authorization: 'Bearer a-secret-token', 'content-type': 'application/json' },
    body: JSON.stringify(post),
  });
  const { id } = (await response.json()) as { id: number };
  return { drafts: dashDrafts({ send, token, baseUrl: sandbox.url }), id };
};

const now = () => sandbox.posts()[0]?.post;

describe.each(['fields', 'whole post'] as const)(
  'a draft in Dash Social whose PATCH changes the %s',
  (patches) => {
    it('is read, and changed without losing a field', async () => {
      const { drafts, id } = await open(patches);
      const read = await drafts.read(id);
      if (read.kind !== 'shown') throw new Error(read.why);
      const changes = draftChanges(postOf('Opens on Friday'), postOf('Opens on Monday'));
      const plan = planUpdate(changes, read.post, { brand: 144, unchecked: false });
      if (plan.kind !== 'change' || plan.body === null) throw new Error('no plan');

      expect(await drafts.change(id, plan.body)).toEqual({ kind: 'changed' });

      expect(now()).toMatchObject({
        text: 'Opens on Monday',
        disable_duet: true,
        media_ids: [12],
        brand_id: 144,
      });
      expect(sandbox.requests().at(-1)).toMatchObject({ method: 'PATCH' });
      expect(sandbox.requests().at(-1)?.raw).not.toContain('brand_id');
    });
  },
);

describe('reading a post', () => {
  it.each([
    ['proxy-404', 'not-shown'],
    ['forbidden-403', 'not-shown'],
    ['garbled', 'not-shown'],
    ['throttled-429', 'later'],
    ['unavailable-503', 'later'],
    ['unauthorized-401', 'later'],
    ['drop', 'later'],
    ['hang', 'later'],
  ] as const)('given %s is %s', async (kind, result) => {
    const { drafts, id } = await open();
    sandbox.fail({ kind, on: 'read' });

    expect((await drafts.read(id)).kind).toBe(result);
  });
});

describe('changing a post', () => {
  it.each([
    ['proxy-404', 'refused', 'Friday'],
    ['forbidden-403', 'refused', 'Friday'],
    ['throttled-429', 'later', 'Friday'],
    ['error-500', 'unknown', 'Friday'],
    ['drop', 'unknown', 'Friday'],
    ['commit-and-drop', 'unknown', 'Monday'],
    ['hang', 'unknown', 'Friday'],
  ] as const)('given %s is %s', async (kind, result, day) => {
    const { drafts, id } = await open();
    sandbox.fail({ kind, on: 'change' });

    expect((await drafts.change(id, { text: 'Opens on Monday' })).kind).toBe(result);
    expect(now()?.text).toBe(`Opens on ${day}`);
  });

  it('is refused with a text that breaks a rule', async () => {
    const { drafts, id } = await open();

    expect((await drafts.change(id, { text: 'x'.repeat(2_201) })).kind).toBe('refused');
  });
});
