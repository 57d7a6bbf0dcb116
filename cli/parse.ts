import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { fetchFeeds } from '../lib/adapters/feeds/fetch-feed.ts';
import { parseFeed } from '../lib/adapters/feeds/parse-feed.ts';
import type { Entry } from '../lib/core/entries/entry.ts';
import { AppError, permanent } from '../lib/core/errors.ts';
import type { FetchHints } from '../lib/core/ports.ts';
import { userAgent } from '../lib/services/user-agent.ts';
import { jsonLine } from '../local/plain-text.ts';
import { type Cli, examples } from './verb.ts';

type Document = { bytes: Uint8Array; contentType: string | null; url: string; hints?: FetchHints };

const FETCH_DEADLINE_MS = 30_000;

const fetchFeed = fetchFeeds({ now: Date.now, userAgent });

const fetched = async (url: string): Promise<Document> => {
  // an address given by the user may be private
  const request = { url, validators: null, allowPrivate: true, deadlineMs: FETCH_DEADLINE_MS };
  const response = await fetchFeed(request);
  if (response.kind === 'document') return response;
  throw permanent('feed.unchanged', `${url} returned "not modified" to a first request. Try again.`);
};

const opened = async (path: string): Promise<Document> => {
  try {
    return { bytes: await readFile(path), contentType: null, url: '' };
  } catch (cause) {
    throw permanent('file.unreadable', `${path} cannot be read. Check the file name.`, { cause });
  }
};

const shown = (entry: Entry) => ({
  id: entry.id,
  title: entry.title,
  link: entry.link,
  published: entry.published,
  updated: entry.updated,
  author: entry.author,
  categories: entry.categories,
  enclosures: entry.enclosures.map(({ url, type }) => ({ url, type })),
  image: entry.image,
  images: entry.images,
  video: entry.video,
  content: entry.content,
  summary: entry.summary,
});

const outcome = async (source: string, contentType: string | undefined) => {
  try {
    const document = await (/^https?:\/\//i.test(source) ? fetched(source) : opened(source));
    const feed = await parseFeed({ ...document, contentType: contentType ?? document.contentType });
    const { format, title, complete, entries, fragments } = feed;
    const hub = document.hints?.hub ?? feed.hints.hub ?? null;
    return {
      source,
      format,
      title,
      hub,
      complete,
      entries: entries.map(shown),
      truncated: fragments.map(shown),
    };
  } catch (error) {
    const code = error instanceof AppError ? error.code : 'unexpected';
    return { source, error: { code, message: error instanceof Error ? error.message : String(error) } };
  }
};

/** `parse FILE|URL…`: how each document is read, or why it cannot be, as one line of JSON each, in order. */
export const parseCommand = ({ terminal }: Pick<Cli, 'terminal'>): Command =>
  new Command('parse')
    .description('parse feeds, and print one line of JSON per file or URL')
    .argument('<source...>', 'files or URLs')
    .option('--content-type <type>', 'read them as if they had this content type')
    .addHelpText(
      'after',
      `\nA source that cannot be read gets a line with the reason, and the exit code is still 0.\n${examples('parse https://www.example.com/feed.xml', 'parse one.xml two.json')}`,
    )
    .action(async (sources: string[], { contentType }: { contentType?: string }) => {
      for (const source of sources) terminal.write(`${jsonLine(await outcome(source, contentType))}\n`);
    });
