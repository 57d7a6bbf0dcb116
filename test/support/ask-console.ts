import type { ConsoleContext } from '../../console/context.ts';
import { hostedContext } from '../../console/hosted-console.ts';
import { openNotices } from '../../console/notices.ts';
import { replyTo } from '../../console/respond.ts';
import { consoleSecretNames } from '../../lib/core/access/sign-in.ts';
import { toStoredEntry } from '../../lib/core/entries/stored-entry.ts';
import { AppError } from '../../lib/core/errors.ts';
import type { consoleServices } from '../../lib/services/console.ts';
import { story } from './entries.ts';
import { anEntryRow } from './store-rows.ts';

const origin = 'https://drafts.example.com';
const token = 'a-token';

const held = (key: string, given: object = {}) =>
  anEntryRow({ key, state: 'held', wakeAt: null, storedAs: `kept-${key}`, ...given });

const rows = [
  held('one'),
  held('two'),
  held('three', { batch: 'newsroom.1' }),
  held('four', { state: 'rejected' }),
  held('five', { state: 'uncertain' }),
];

const pages = [
  '/',
  '/overview',
  '/schedule',
  '/activity',
  '/activity?by=ada',
  '/feeds',
  '/webhooks',
  '/entries',
  '/entries?state=waits',
  '/entries?text=story&feed=newsroom',
  '/entries?text=https%3A%2F%2Fwww.example.com%2Fbridge',
  '/entries?text=7',
  '/entry?key=one',
  '/row?key=one',
  '/feeds/newsroom',
  '/thumbnail?key=one',
];

const forms: [path: string, fields: Record<string, string>][] = [
  ['/edit', { key: 'one', text: 'A caption' }],
  ['/snooze', { key: 'one', until: '2100-01-01T09:00' }],
  ['/move', { key: 'one', move: 'release' }],
  ['/undo', { key: 'one' }],
  ['/select', { move: 'dismiss', all: '/entries?state=held' }],
  ['/moves', { move: 'dismiss', keys: 'six seven' }],
  ['/move', { key: 'two', move: 'dismiss' }],
  ['/move', { key: 'four', move: 'retry' }],
  ['/move', { key: 'five', move: 'confirm', postId: '7' }],
  ['/batch', { batch: 'newsroom.1', move: 'release' }],
  ['/purge', { key: 'one' }],
  ['/pause', { scope: 'all' }],
  ['/resume', { scope: 'all' }],
  ['/feeds/newsroom/poll', {}],
  ['/feeds/newsroom/preview', {}],
];

/** A page may answer that there is none; what AWS denied, the guard has recorded. */
const isAnswer = (error: unknown): void => {
  if (!(error instanceof AppError)) throw error;
};

const ask = async (context: ConsoleContext, target: string, fields?: Record<string, string>) => {
  const headers = { origin, 'content-type': 'application/x-www-form-urlencoded' };
  const body = Buffer.from(new URLSearchParams({ token, ...fields }).toString());
  const method = fields ? 'POST' : 'GET';
  await replyTo(context, { method, target, headers, origin, read: async () => body }).catch(isAnswer);
};

/** Opens every page of the console and presses every button, as an operator on AWS. */
export const askConsole = async (services: ReturnType<typeof consoleServices>): Promise<void> => {
  const context: ConsoleContext = {
    ...hostedContext(services, (error) => {
      throw error;
    }),
    by: 'ada',
    visitor: { shown: 'ada', role: 'operator' },
    token,
    notices: openNotices(),
    onAction: () => {},
  };
  await services.secret(consoleSecretNames.key);
  for (const row of rows) {
    await services.ledger.storeEntry(`kept-${row.key}`, toStoredEntry(story(1)), 1_800_000_000_000);
    await services.ledger.insert(row);
  }
  for (const path of pages) await ask(context, path);
  for (const [path, fields] of forms) await ask(context, path, fields);
};
