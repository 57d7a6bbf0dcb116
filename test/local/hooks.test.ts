import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { Functions } from '../../local/functions.ts';
import { respondToHooks } from '../../local/hooks.ts';
import type { Fault } from '../../local/pump.ts';
import { openSite, type Site } from '../../local/site.ts';

type Asked = { rawPath: string; rawQueryString: string; headers: Record<string, string>; body: string };

const sites: Site[] = [];
afterEach(async () => {
  for (const site of sites.splice(0)) await site.close();
});

const open = async (call: Functions['call']) => {
  const faults: Fault[] = [];
  const site = await openSite([respondToHooks({ call }, (fault) => faults.push(fault))], 0);
  sites.push(site);
  return { url: site.url, faults };
};

const taken = {
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"outcome":"known"}',
};

/** Sends chunks without a Content-Length; resolves to the status. */
const sendChunks = (url: string, chunks: number) =>
  new Promise<number | undefined>((resolve, reject) => {
    const sent = httpRequest(`${url}/hooks/blog`, { method: 'POST' }, ({ statusCode }) =>
      resolve(statusCode),
    );
    sent.on('error', reject);
    const write = (left: number) => {
      if (left === 0)
        sent.end('x'); // the excess byte comes last, so that the upload is not cut off
      else sent.write(Buffer.alloc(1_000_000), () => write(left - 1));
    };
    write(chunks);
  });

describe('/hooks on this machine', () => {
  it('pass the request to the function as the HTTP API would, and return its response', async () => {
    const asked: Asked[] = [];
    const { url, faults } = await open(async (_, event) => {
      asked.push(event as Asked);
      return taken;
    });

    const response = await fetch(`${url}/hooks/blog?key=a%20b`, { method: 'POST', body: 'ü' });

    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 200,
      body: { outcome: 'known' },
    });
    expect(asked).toMatchObject([{ rawPath: '/hooks/blog', rawQueryString: 'key=a+b' }]);
    expect(Buffer.from(asked[0]?.body ?? '', 'base64').toString()).toBe('ü');
    expect(asked[0]?.headers.host).toBe(new URL(url).host);
    expect(faults).toEqual([]);
  });

  it('report a failing function and respond 500', async () => {
    const { url, faults } = await open(async () => {
      throw new Error('The thread of the functions has ended.');
    });

    const { status } = await fetch(`${url}/hooks/blog`, { method: 'POST' });

    expect(status).toBe(500);
    expect(faults).toMatchObject([
      { fn: 'receiveWebhook', error: { message: expect.stringContaining('has ended') } },
    ]);
  });

  it('read no more than the HTTP API accepts, with or without a Content-Length', async () => {
    let calls = 0;
    const { url, faults } = await open(async () => {
      calls += 1;
      return taken;
    });

    const withLength = await fetch(`${url}/hooks/blog`, { method: 'POST', body: Buffer.alloc(10_000_001) });
    const withoutLength = await sendChunks(url, 10);

    expect([withLength.status, withoutLength, calls]).toEqual([413, 413, 0]);
    expect(faults).toEqual([]);
  });

  it('leave other addresses to other handlers', async () => {
    const { url } = await open(async () => taken);

    expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
  });
});
