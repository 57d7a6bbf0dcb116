import { describe, expect, it } from 'vitest';
import { retryable } from '../../lib/core/errors.ts';
import { consoleOverHttp } from '../support/console-over-http.ts';

const { scene, port, ask, own, post, circuitScopes, anyOf } = consoleOverHttp();

describe('the Host header', () => {
  it.each(['127.0.0.1', 'localhost', 'LOCALHOST'])('may be %s', async (name) => {
    expect((await ask('/', { host: `${name}:${port()}` })).status).toBe(200);
  });

  it.each([
    ['another host', () => 'evil.example.com'],
    ['another host with our port', () => `evil.example.com:${port()}`],
    ['our host with another port', () => `127.0.0.1:${port() + 1}`],
    ['our host without a port', () => '127.0.0.1'],
    ['our host as part of another', () => `127.0.0.1:${port()}.evil.example.com`],
    ['all addresses', () => `0.0.0.0:${port()}`],
  ])('may not be %s', async (_, host) => {
    const read = await ask('/', { host: host() });
    const posted = await post(
      '/pause',
      { scope: 'all' },
      { ...own(), host: host(), origin: `http://${host()}` },
    );

    for (const { status, body } of [read, posted]) {
      expect(status).toBe(421);
      expect(body).not.toMatch(/newsroom|a-token/);
    }
    expect(circuitScopes()).toEqual([]);
  });
});

describe('a response', () => {
  it.each(['/', '/entries', '/feeds/newsroom', '/static/console.js', '/nowhere'])(
    'to %s has all security headers',
    async (path) => {
      const { headers } = await ask(path);

      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cache-control': 'no-store',
      });
    },
  );

  it('to HEAD has the same headers and no body', async () => {
    const whole = await ask('/');
    const head = await ask('/', {}, { method: 'HEAD' });

    expect(head).toMatchObject({ status: 200, body: '' });
    expect(Number(head.headers['content-length'])).toBe(Buffer.byteLength(whole.body));
  });

  it.each([
    ['/nowhere', 404],
    ['/static/../respond.ts', 404],
    ['/static/%2e%2e%2frespond.ts', 404],
    ['/static/constructor', 404],
    ['/feeds/nowhere', 303],
    ['/feeds/%zz', 303],
    ['/entry', 404],
    ['/entry?key=none', 404],
    ['/entries?state=none&page=-1&feed=none', 200],
    ['/entries?page=99999999999999999999', 200],
    ['//evil.example.com/', 404],
  ])('to %s is %i', async (path, status) => {
    expect((await ask(path)).status).toBe(status);
    expect(scene().errors).toEqual([]);
  });

  it('for an ID without a feed redirects to its entries', async () => {
    const row = anyOf('drafted');
    scene().target.stores.ledger.rows.set('k', { ...row, key: 'k', feed: 'shop hook' });

    expect(await ask('/feeds/shop%20hook')).toMatchObject({
      status: 303,
      headers: { location: '/entries?feed=shop+hook' },
    });
  });

  it('is a readable error when the ledger fails, and the next page works again', async () => {
    const { waiting } = scene().target.ledger;
    scene().target.ledger.waiting = async () => {
      throw retryable('dynamo.unreachable', 'DynamoDB does not respond');
    };

    expect(await ask('/')).toMatchObject({
      status: 503,
      body: expect.stringContaining('DynamoDB does not respond'),
    });
    scene().target.ledger.waiting = waiting;
    expect((await ask('/')).status).toBe(200);
  });

  it('keeps unexpected errors to the terminal', async () => {
    scene().target.config = () => {
      throw new Error('a secret of the machine');
    };

    const { status, body } = await ask('/');

    expect(status).toBe(500);
    expect(body).not.toContain('a secret');
    expect(scene().errors).toMatchObject([{ message: 'a secret of the machine' }]);
  });

  it('explains why a stage shows no single polls', async () => {
    scene().context.readPolls = null;

    const { body } = await ask('/feeds/newsroom');

    expect(body).toContain('A stage does not record single polls');
  });

  it('shows when nothing is running, and offers no poll', async () => {
    Object.assign(scene().target, { isRunning: false, start: 'npm start -- --data ./data' });

    expect((await ask('/')).body).toMatch(/Not running[\s\S]*npm start -- --data \.\/data/);
    expect((await ask('/feeds/newsroom')).body).not.toContain('Poll now');
  });

  it('shows when ticks have stopped', async () => {
    scene().context.clock = () => Date.UTC(2026, 10, 20, 11, 0);

    expect((await ask('/')).body).toContain('The schedule has not run for more than 3 minutes.');
  });
});
