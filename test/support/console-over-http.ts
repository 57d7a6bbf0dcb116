import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach } from 'vitest';
import { consoleResponse } from '../../console/respond.ts';
import type { EntryRow } from '../../lib/core/ledger/row.ts';
import { openSite, type Site } from '../../local/site.ts';
import { type ConsoleScene, consoleScene } from './console-scene.ts';

type Response = { status: number; headers: Record<string, unknown>; body: string };

export const token = 'a-token-of-the-scene';
const type = 'application/x-www-form-urlencoded';

const formOf = (fields: Record<string, string>) => new URLSearchParams({ token, ...fields }).toString();

/** A running console, with a new scene for each test. */
export const consoleOverHttp = () => {
  let scene: ConsoleScene;
  let site: Site;
  beforeEach(async () => {
    scene = await consoleScene();
    site = await openSite([consoleResponse(scene.context)], 0);
  });
  afterEach(() => site.close());

  const port = () => Number(new URL(site.url).port);
  /** Sends a request with exactly these headers; `fetch` does not allow setting Host and Origin. */
  const ask = (
    path: string,
    headers: Record<string, string> = {},
    given: { method?: string; body?: string } = {},
  ) =>
    new Promise<Response>((resolve, reject) => {
      const method = given.method ?? (given.body === undefined ? 'GET' : 'POST');
      const sent = request({ host: '127.0.0.1', port: port(), path, method, headers }, async (response) =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: await text(response) }),
      );
      sent.on('error', reject);
      sent.end(given.body);
    });
  const own = () => ({ origin: site.url, 'content-type': type });
  const rows = () => [...scene.target.stores.ledger.rows.values()] as EntryRow[];
  return {
    scene: () => scene,
    site: () => site,
    port,
    ask,
    own,
    post: (path: string, fields: Record<string, string>, headers: Record<string, string> = own()) =>
      ask(path, headers, { body: formOf(fields) }),
    circuitScopes: () => [...scene.target.stores.circuits.stored.keys()],
    rows,
    anyOf: (state: string) => rows().find((row) => row.state === state) as EntryRow,
    noticeAfter: async (response: Response) => {
      const { body } = await ask(String(response.headers.location));
      return /<div class="notice (?:good|bad)"[^>]*><span>([^<]*)/.exec(body)?.[1];
    },
  };
};
