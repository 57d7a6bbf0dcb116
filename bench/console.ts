import { ourAccess } from '../local/embedded/access.ts';
import { startTables } from '../test/support/embedded-tables.ts';
import type { Bench } from './bench.ts';
import { type Child, inChild } from './support/in-child.ts';
import { entriesWanted, fillLargeLedger, fleet } from './support/large-ledger.ts';
import { median } from './support/median.ts';
import type { Visit } from './support/visit-console.ts';

const runs = 11;
const targetMs = 300;
const maxRequests = 10;

const pages = [
  '/',
  '/overview',
  '/schedule',
  '/activity',
  '/feeds',
  '/feeds/feed-1',
  '/webhooks',
  '/entries',
  '/entries?state=held',
  '/entries?feed=feed-1',
  '/entries?text=story+49',
  '/entry?key=entry-0',
];
const commands = ['status', 'doctor', 'list', 'list --state held', 'explain entry-0'];

/** The first of each is apart: it compiles and connects. */
type Found = { name: string; first: Visit; typical: Visit };

const typicalOf = (visits: readonly Visit[]): Visit => {
  const of = (name: keyof Visit) => median(visits.map((visit) => visit[name]));
  return {
    cpuMs: of('cpuMs'),
    requests: of('requests'),
    readUnits: of('readUnits'),
    readKb: of('readKb'),
    sentKb: of('sentKb'),
  };
};

const measure = async (child: Child, kind: 'page' | 'command', name: string): Promise<Found> => {
  const first = await child.call<Visit>(kind, name);
  const again: Visit[] = [];
  for (let run = 0; run < runs; run += 1) again.push(await child.call<Visit>(kind, name));
  return { name, first, typical: typicalOf(again) };
};

const head = ['', 'requests', 'read units', 'kB read', 'kB sent', 'CPU ms', 'CPU ms, first time'];
const rowOf = ({ name, first, typical }: Found) => [
  `\`${name}\``,
  typical.requests,
  typical.readUnits.toFixed(1),
  typical.readKb.toFixed(0),
  typical.sentKb.toFixed(0),
  typical.cpuMs.toFixed(0),
  first.cpuMs.toFixed(0),
];

const most = (found: readonly Found[], of: keyof Visit) =>
  found.toSorted((a, b) => b.typical[of] - a.typical[of])[0] as Found;

export const bench: Bench = {
  question: 'What do a page and a command cost with many entries?',
  how: `Fills the tables with ${entriesWanted} entries of ${fleet.feeds} feeds, ${fleet.failing} of which fail and 826 of whose entries need a decision. Then it opens each page of the console and runs each command ${runs} times in a process of its own, and reports medians: requests to DynamoDB and their read units, kB read from it, kB of the page or output, and CPU of the process.`,
  limits:
    'The emulator calculates read units without indexes’ rounding per page. Commands run without the start of a process (about 0.5 s).',
  run: async () => {
    const tables = await startTables();
    const names = await fillLargeLedger(tables);
    const child = inChild(new URL('./support/visit-console.ts', import.meta.url));
    try {
      await child.call('open', tables.dynamo.endpoint, ourAccess(), names);
      const visited: Found[] = [];
      for (const name of pages) visited.push(await measure(child, 'page', name));
      const ran: Found[] = [];
      for (const name of commands) ran.push(await measure(child, 'command', name));
      const [slowest, asking] = [most(visited, 'cpuMs'), most(visited, 'requests')];
      return {
        tables: [
          { title: 'Pages', head, rows: visited.map(rowOf) },
          { title: 'Commands', head, rows: ran.map(rowOf) },
        ],
        headlines: [
          {
            what: `CPU of the slowest page with ${entriesWanted} entries (${slowest.name})`,
            figure: `${slowest.typical.cpuMs.toFixed(0)} ms`,
            target: `≤ ${targetMs} ms`,
          },
          {
            what: `requests to DynamoDB of a page with ${entriesWanted} entries, at most (${asking.name})`,
            figure: String(asking.typical.requests),
            target: `≤ ${maxRequests}`,
          },
        ],
      };
    } finally {
      await child.end();
      await tables.close();
    }
  },
};
