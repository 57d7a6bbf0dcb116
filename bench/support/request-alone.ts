import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';

// Runs in a process of its own, by in-child.ts.

const agent = new http.Agent({ keepAlive: false });
const etags = new Map<string, string>();
let addresses: string[] = [];

export const start = async ({ urls }: { urls: string[] }): Promise<void> => {
  addresses = urls;
};

/** Sends the last validator and discards the response: the minimum for any poller. */
const ask = async (url: string): Promise<void> => {
  const etag = etags.get(url);
  const request = http.get(url, { agent, headers: etag === undefined ? {} : { 'if-none-match': etag } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  if (response.headers.etag) etags.set(url, response.headers.etag);
  response.resume();
  await once(response, 'end');
};

export const round = async (): Promise<{ cpuMs: number; wallMs: number; reads: number; writes: number }> => {
  const [before, since] = [process.cpuUsage(), performance.now()];
  for (const url of addresses) await ask(url);
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1_000, wallMs: performance.now() - since, reads: 0, writes: 0 };
};
