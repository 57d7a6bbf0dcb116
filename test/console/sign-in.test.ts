import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { complete } from '../../console/response.ts';
import { consoleSecretNames } from '../../lib/core/access/sign-in.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { pageHandler } from '../../lib/lambda/page-handler.ts';
import { nobody } from '../support/console-config.ts';
import { takePrinted } from '../support/printed.ts';
import { sendToLambda } from '../support/send-to-lambda.ts';
import { newKey, type SignedInScene, signedInScene } from '../support/signed-in-scene.ts';
import { type Answer, type WebClient, webClient } from '../support/web-client.ts';

const minute = 60_000;
const hour = 60 * minute;

let s: SignedInScene;
let open: () => WebClient;
let client: WebClient;
beforeEach(() => {
  takePrinted();
});
afterEach(async () => {
  vi.restoreAllMocks();
  expect(s.scene.errors).toEqual([]);
  await s.close();
});

/** How requests reach the console. */
const ways: [name: string, clientOf: (scene: SignedInScene) => () => WebClient][] = [
  ['on one machine', () => () => webClient()],
  [
    'on AWS',
    ({ origin, reply }) => {
      const handler = pageHandler(() => async (request) => complete(await reply({ ...request, origin })));
      return () => webClient(sendToLambda(origin, handler));
    },
  ],
];

const at = (path: string) => `${s.origin}${path}`;
const signIn = (person: string, path = '/', by = client): Promise<Answer> => {
  s.idp.next = person;
  return by.follow(at(path));
};
const tokenIn = ({ body }: Answer): string => /name="token" value="([^"]+)"/.exec(body)?.[1] ?? '';
const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  client.ask(at(path), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: s.origin, ...headers },
    body: new URLSearchParams(fields).toString(),
  });
const rows = () => [...s.scene.target.stores.ledger.rows.values()] as EntryRow[];
const held = () => rows().find(({ state }) => state === 'held') as EntryRow;
const circuits = () => [...s.scene.target.stores.circuits.stored.keys()];

/** Follows until the provider has sent the browser back, without going there: the address with the code. */
const addressWithCode = async (person: string, path = '/'): Promise<string> => {
  s.idp.next = person;
  let answer = await client.ask(at(path));
  for (;;) {
    const next = new URL(answer.headers.get('location') ?? '', answer.url).href;
    if (next.startsWith(at('/sign-in/callback'))) return next;
    answer = await client.ask(next);
  }
};

describe.each(ways)('the console %s', (_, clientOf) => {
  beforeEach(async () => {
    s = await signedInScene();
    open = clientOf(s);
    client = open();
  });

  describe('signing in', () => {
    it('leads to the page that was asked for, and shows who is there', async () => {
      const page = await signIn('vera', '/entries?state=held');

      expect(page).toMatchObject({ status: 200, url: at('/entries?state=held') });
      expect(page.body).toContain('vera@example.com');
      expect(page.body).toContain('viewer');
      expect(s.events).toEqual([
        { event: 'console.signed-in', subject: 'vera', person: 'vera@example.com (vera)' },
      ]);
    });

    it('asks the provider for a code with PKCE, state and nonce, at the address of the configuration', async () => {
      const begun = await client.ask(at('/sign-in'), { headers: { 'x-forwarded-host': 'evil.example' } });
      const asked = new URL(begun.headers.get('location') ?? '').searchParams;

      expect(Object.fromEntries(asked)).toMatchObject({
        response_type: 'code',
        client_id: 'console',
        scope: 'openid email profile',
        redirect_uri: at('/sign-in/callback'),
        code_challenge_method: 'S256',
      });
      for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)).toMatch(/^[\w-]{43}$/);
    });

    it('leads to no other site', async () => {
      for (const to of [
        'https://evil.example/',
        '//evil.example/',
        '/\\evil.example',
        'javascript:alert(1)',
      ]) {
        const page = await signIn('vera', `/sign-in?to=${encodeURIComponent(to)}`, open());
        expect(page.url.startsWith(`${s.origin}/`)).toBe(true);
      }
    });

    it('works in two tabs at once', async () => {
      const one = await addressWithCode('vera');
      const other = await addressWithCode('vera');

      expect((await client.ask(one)).status).toBe(303);
      expect((await client.ask(other)).status).toBe(303);
    });

    it('leaves at most five cookies, however often it is begun', async () => {
      for (let turn = 0; turn < 20; turn++) await client.ask(at('/sign-in'));

      expect(client.cookies.size).toBeLessThanOrEqual(5);
    });

    it('sets cookies for this host alone, which scripts cannot read', async () => {
      const { setCookies } = await client.ask(await addressWithCode('vera'));

      expect(setCookies).toHaveLength(2);
      for (const line of setCookies) expect(line).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/);
      expect(setCookies.find((line) => line.includes('session'))).toContain('Max-Age=28800');
      expect(setCookies.join()).not.toContain('vera');
    });
  });

  describe('a sign-in is refused', () => {
    const refused = async (address: string, by = client) => {
      const answer = await by.ask(address);
      expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('You are not signed in') });
      expect((await by.ask(at('/'))).status).toBe(303);
    };

    it('with a forged state', async () => {
      const url = new URL(await addressWithCode('vera'));
      url.searchParams.set('state', 'x'.repeat(43));
      await refused(url.href);
    });

    it('in another browser than it began in', async () => {
      await refused(await addressWithCode('vera'), open());
    });

    it('after ten minutes', async () => {
      const address = await addressWithCode('vera');
      s.advance(10 * minute + 1_000);
      await refused(address);
    });

    it('with a code that was used, even with the cookie of that sign-in', async () => {
      const address = await addressWithCode('vera');
      const cookies = new Map(client.cookies);
      expect((await client.ask(address)).status).toBe(303);

      const thief = open();
      for (const [key, value] of cookies) thief.cookies.set(key, value);
      await refused(address, thief);
    });

    it('with the code of another sign-in', async () => {
      const other = new URL(await addressWithCode('mallory'));
      const mine = new URL(await addressWithCode('vera'));
      mine.searchParams.set('code', other.searchParams.get('code') ?? '');
      await refused(mine.href);
    });

    it('when the provider ends it', async () => {
      const url = new URL(await addressWithCode('vera'));
      url.searchParams.delete('code');
      url.searchParams.set('error', 'access_denied');
      await refused(url.href);
    });

    it('with a wrong client secret, whose remedy is in the log alone', async () => {
      s.secrets[consoleSecretNames.client] = 'another';
      const answer = await client.ask(await addressWithCode('vera'));

      expect(answer.status).toBe(500);
      expect(s.events).toMatchObject([
        {
          event: 'console.failed',
          code: 'sign-in.wrong-client',
          message: expect.stringContaining('client_id'),
        },
      ]);
    });

    it('while the provider cannot be reached', async () => {
      await s.idp.close();
      const answer = await client.ask(at('/sign-in'));
      s.idp.close = async () => {};

      expect(answer).toMatchObject({ status: 503, body: expect.stringContaining('cannot be reached') });
    });
  });

  describe('a person who is not allowed', () => {
    it('gets 403, no session, and a line with the names of the claims only', async () => {
      const page = await signIn('mallory');

      expect(page).toMatchObject({ status: 403, body: expect.stringContaining('You have no access') });
      expect(page.body).not.toContain('newsroom');
      expect((await client.ask(at('/'))).status).toBe(303);
      expect(s.events).toEqual([
        {
          event: 'console.refused',
          subject: 'mallory',
          claims: expect.arrayContaining(['email', 'email_verified', 'groups', 'iss', 'sub']),
        },
      ]);
      expect(JSON.stringify(s.events)).not.toContain('evil.example');
    });

    it('loses access with the next configuration, in the middle of a session', async () => {
      await signIn('ed');
      s.config.allow = { ...nobody, subjects: ['vera'] };

      expect(await client.ask(at('/'))).toMatchObject({ status: 403 });
      expect((await client.ask(at('/'))).status).toBe(303);
    });
  });

  describe('a session', () => {
    it('ends after eight hours', async () => {
      await signIn('vera');
      s.advance(8 * hour - minute);
      expect((await client.ask(at('/'))).status).toBe(200);

      s.advance(2 * minute);
      expect(await client.ask(at('/feeds'))).toMatchObject({ status: 303 });
      expect(await post('/pause', { scope: 'all', token: 'x' })).toMatchObject({
        status: 401,
        body: expect.stringContaining('Your session has ended'),
      });
    });

    it('survives a new key while the previous one is kept, and ends without it', async () => {
      const { key, previousKey } = consoleSecretNames;
      await signIn('vera');

      Object.assign(s.secrets, { [previousKey]: s.secrets[key], [key]: newKey() });
      expect((await client.ask(at('/'))).status).toBe(200);

      delete s.secrets[previousKey];
      expect((await client.ask(at('/'))).status).toBe(303);
    });

    it('cannot be forged, changed, or made of the cookie of a sign-in', async () => {
      await signIn('vera');
      const [name = '', good = ''] =
        [...client.cookies].find(([key]) => key.endsWith('rss-drafts-session')) ?? [];
      await client.ask(at('/sign-in'));
      const [, attempt = ''] = [...client.cookies].find(([key]) => key.includes('sign-in-')) ?? [];
      const changed = `${good.slice(0, -9)}${good.at(-9) === 'A' ? 'B' : 'A'}${good.slice(-8)}`;

      for (const forged of ['', 'x', 'a.b.c.d.e', changed, attempt]) {
        client.cookies.set(name, forged);
        expect((await client.ask(at('/'))).status).toBe(303);
      }
    });

    it('ends with the button', async () => {
      const token = tokenIn(await signIn('vera'));
      const out = await post('/sign-out', { token });

      expect(out).toMatchObject({ status: 303 });
      expect(out.headers.get('location')).toBe('/signed-out');
      expect((await client.ask(at('/signed-out'))).body).toContain('You are signed out');
      expect((await client.ask(at('/'))).status).toBe(303);
    });

    it('is not ended by another site', async () => {
      const token = tokenIn(await signIn('vera'));

      expect((await post('/sign-out', { token }, { origin: 'https://evil.example' })).status).toBe(403);
      expect((await post('/sign-out', { token: 'x' })).status).toBe(403);
      expect((await client.ask(at('/'))).status).toBe(200);
    });
  });

  describe('an action', () => {
    const dismissal = (token: string) => ({ token, key: held().key, move: 'dismiss', back: '/' });

    it('of a viewer is refused', async () => {
      const token = tokenIn(await signIn('vera'));
      const answer = await post('/move', dismissal(token));

      expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('Your role is viewer') });
      expect(held()).toBeDefined();
    });

    it('of an editor is made, with the person in the history and in the log', async () => {
      const token = tokenIn(await signIn('ed'));
      const { key } = held();
      const answer = await post('/move', dismissal(token));

      expect(answer.status).toBe(303);
      const row = s.scene.target.stores.ledger.rows.get(key) as EntryRow;
      expect(row.state).toBe('dismissed');
      expect(JSON.stringify(row.history.at(-1))).toContain('ed@example.com (ed)');
      expect(s.events.at(-1)).toEqual({
        event: 'console.acted',
        subject: 'ed',
        person: 'ed@example.com (ed)',
        path: '/move',
      });
    });

    it('edits, approves and undoes as an editor, each recorded with the person', async () => {
      const drafted = rows().find(({ state }) => state === 'drafted') as EntryRow;
      const { key } = drafted;
      const stored = s.scene.target.stores.ledger.rows;
      stored.set(key, { ...drafted, state: 'review', postId: null, expiresAt: null });
      const address = `/entry?key=${encodeURIComponent(key)}`;
      const page = await signIn('ed', address);
      const token = tokenIn(page);
      const row = () => stored.get(key) as EntryRow;
      const noticeOf = async (answer: Answer) =>
        (await client.ask(at(answer.headers.get('location') ?? ''))).body;

      const saved = await post('/edit', {
        token,
        key,
        text: 'A bridge for everyone',
        editedAt: '',
        back: address,
      });
      expect(await noticeOf(saved)).toContain('Saved.');
      expect(row()).toMatchObject({ state: 'review', post: { text: 'A bridge for everyone' } });

      const approved = await post('/move', { token, key, move: 'approve', evenIfOld: 'yes', back: address });
      expect(await noticeOf(approved)).toMatch(
        /is approved\.<\/span><span class="until">[^<]*<\/span><form method="post" action="\/undo"/,
      );
      expect(row()).toMatchObject({ state: 'queued', post: { text: 'A bridge for everyone' } });

      expect(await noticeOf(await post('/undo', { token, key, back: address }))).toContain('Undone.');
      expect(row()).toMatchObject({ state: 'review', post: { text: 'A bridge for everyone' } });

      const recorded = [...s.scene.target.stores.activities.deeds.values()];
      expect(recorded.map(({ kind, by }) => [kind, by])).toEqual(
        ['edit', 'approve', 'undo'].map((kind) => [kind, 'ed@example.com (ed)']),
      );
      for (const by of row().history.slice(-2)) expect(by.detail).toContain('ed@example.com (ed)');
    });

    it.each(['/edit', '/move', '/undo'])('%s of a viewer changes nothing', async (path) => {
      const { key } = held();
      const token = tokenIn(await signIn('vera'));

      const { status } = await post(path, { token, key, move: 'release', text: 'Mine', back: '/' });

      expect(status).toBe(403);
      expect(held().key).toBe(key);
      expect(s.scene.target.stores.activities.deeds.size).toBe(0);
    });

    it('shows how an entry is stored and sent to an operator only', async () => {
      const { key } = rows().find(({ post }) => post !== null) as EntryRow;
      const address = `/entry?key=${encodeURIComponent(key)}`;
      expect((await signIn('ed', address)).body).not.toContain('Request body');
      expect((await signIn('olga', address, open())).body).toContain('Request body');
    });

    it('that pauses needs an operator', async () => {
      const token = tokenIn(await signIn('ed'));
      expect((await post('/pause', { token, scope: 'all' })).status).toBe(403);
      expect(circuits()).toEqual([]);

      client = open();
      const own = tokenIn(await signIn('olga'));
      expect((await post('/pause', { token: own, scope: 'all' })).status).toBe(303);
      expect(circuits()).toEqual(['all by person']);
    });

    it.each<[string, Record<string, string>, Record<string, string>]>([
      ['another site', {}, { origin: 'https://evil.example' }],
      ['a page without an origin', {}, { origin: 'null' }],
      ['a page that the browser reports as cross-site', {}, { 'sec-fetch-site': 'cross-site' }],
      ['a page of another session', { token: 'x'.repeat(43) }, {}],
      ['a page without a token', { token: '' }, {}],
    ])('is refused from %s', async (_, fields, headers) => {
      const token = tokenIn(await signIn('ed'));

      expect((await post('/move', { ...dismissal(token), ...fields }, headers)).status).toBe(403);
      expect(held()).toBeDefined();
    });

    it('is refused with the token of somebody else', async () => {
      const token = tokenIn(await signIn('olga', '/', open()));
      await signIn('ed');

      expect((await post('/move', dismissal(token))).status).toBe(403);
    });
  });

  describe('every page', () => {
    it('is kept by no cache', async () => {
      const pages = [await client.ask(at('/')), await client.ask(at('/signed-out')), await signIn('vera')];

      for (const { headers } of pages) expect(headers.get('cache-control')).toBe('no-store');
    });

    it('shows nothing without a session', async () => {
      for (const path of [
        '/',
        '/entries',
        '/feeds/newsroom',
        '/entry?key=x',
        '/thumbnail?key=x',
        '/nowhere',
      ]) {
        const { status, body } = await client.ask(at(path));
        expect([path, status, body]).toEqual([path, 303, '']);
      }
    });

    it('says what is missing until the secrets are stored, with the redirect address', async () => {
      for (const name of Object.keys(s.secrets)) delete s.secrets[name];
      for (const path of ['/', '/feeds', '/sign-in', '/sign-in/callback?code=x']) {
        const { status, body } = await client.ask(at(path));
        expect(status).toBe(200);
        expect(body).toContain('The console is not set up yet');
        expect(body).toContain(`secret set ${consoleSecretNames.client}`);
        expect(body).toContain('secret new-session-key');
        expect(body).toContain(at('/sign-in/callback'));
      }
    });

    it('lists a session key of the wrong shape as missing, too', async () => {
      s.secrets[consoleSecretNames.key] = 'short';

      const { status, body } = await client.ask(at('/'));

      expect(status).toBe(200);
      expect(body).toContain('secret new-session-key');
      expect(body).not.toContain(`secret set ${consoleSecretNames.client}`);
    });
  });
});

describe('the console on one machine', () => {
  beforeEach(async () => {
    s = await signedInScene();
  });

  it('is at no other name', async () => {
    const status = await new Promise((resolve) => {
      request(at('/'), { headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });

    expect(status).toBe(421);
  });
});
