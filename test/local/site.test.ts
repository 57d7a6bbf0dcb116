import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { openSite, type Site } from '../../local/site.ts';

const sites: Site[] = [];
const open = async (...args: Parameters<typeof openSite>) => {
  const site = await openSite(...args);
  sites.push(site);
  return site;
};

afterEach(async () => {
  for (const site of sites.splice(0)) await site.close();
});

describe('the local site', () => {
  test('tries its handlers in order, and responds 404 when none matches', async () => {
    const { url } = await open(
      [
        () => false,
        ({ url: path }, response) => {
          if (path === '/here') response.end('hello');
          return path === '/here';
        },
      ],
      0,
    );

    const here = await fetch(`${url}/here`);
    const elsewhere = await fetch(`${url}/elsewhere`);

    expect(await here.text()).toBe('hello');
    expect(elsewhere.status).toBe(404);
  });

  test('reports which port is busy, with a remedy', async () => {
    const { url } = await open([], 0);
    const port = Number(new URL(url).port);

    await expect(openSite([], port)).rejects.toMatchObject({
      code: 'local.port-busy',
      message: expect.stringMatching(`${port}.*--port`),
    });
  });

  test('takes a free port when the default one is busy and none was requested', async () => {
    const first = await open([], null);
    const second = await open([], null);

    expect(new URL(second.url).port).not.toBe('4747');
    expect(first.url).not.toBe(second.url);
  });

  test('listens on this machine only', async () => {
    const server = createServer();
    const { url } = await open([], 0);
    await new Promise<void>((resolve) => server.listen(Number(new URL(url).port), '127.0.0.2', resolve));

    const { address } = server.address() as AddressInfo; // free on that address, so the site does not listen on all addresses
    server.close();

    expect(address).toBe('127.0.0.2');
  });
});
