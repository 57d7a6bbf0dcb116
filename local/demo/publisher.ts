import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import { misconfigured } from '../../lib/core/errors.ts';
import type { Clock } from '../../lib/core/ports.ts';
import { readIfThere, writeAtomically } from '../atomic-file.ts';
import type { Response } from '../site.ts';
import {
  clipsDocument,
  type Document,
  journalDocument,
  katalogDocument,
  newsroomDocument,
} from './documents.ts';
import { type SeriesName, type Story, storyOf } from './stories.ts';

const documents: Record<SeriesName, Document> = {
  newsroom: newsroomDocument,
  journal: journalDocument,
  clips: clipsDocument,
  katalog: katalogDocument,
};

/** The demo's feeds; each is served at `/demo/<id>.xml`. */
export const demoFeeds = Object.keys(documents) as SeriesName[];

const windowSize = 10;
const oldStories = 8;
const hourMs = 3_600_000;

/** `times`: when each story in the window was published, in epoch milliseconds, oldest first. */
const Shelf = v.object({ count: v.pipe(v.number(), v.integer(), v.minValue(0)), times: v.array(v.number()) });
const State = v.object(v.entriesFromList(demoFeeds, Shelf));
type State = Record<SeriesName, v.InferOutput<typeof Shelf>>;

export type Publisher = {
  /** Adds the next story, to each feed in turn; it is on the feed and on disk when this returns. */
  publish: () => { feed: SeriesName; title: string };
  /** Serves `GET /demo/<id>.xml` with validators. */
  respond: Response;
};

/**
 * A publisher with a few realistic feeds of a fictional brand. The `n`th story of a feed is always the same, and
 * published stories are recorded in `stateFile`. Throws config `local.demo-state` when that file is invalid.
 */
export function openPublisher({ stateFile, now }: { stateFile: string; now: Clock }): Publisher {
  let state = load(stateFile, now());
  save(stateFile, state);

  return {
    publish: () => {
      const feed = nextInTurn(state);
      state = { ...state, [feed]: withOneMore(state[feed], now()) };
      save(stateFile, state);
      return { feed, title: storiesOf(feed, state)[0]?.title ?? '' };
    },
    respond: (request, response) => {
      const feed = demoFeeds.find((id) => request.url === `/demo/${id}.xml`);
      if (feed) serve(request, response, feed, storiesOf(feed, state));
      return feed !== undefined;
    },
  };
}

const load = (stateFile: string, now: number): State => {
  const text = readIfThere(stateFile);
  if (text === null) return firstState(now);
  try {
    return v.parse(State, JSON.parse(text));
  } catch (cause) {
    const message = `${stateFile} is damaged. Delete it to restart the demo.`;
    throw misconfigured('local.demo-state', message, { cause });
  }
};

const save = (stateFile: string, state: State) => writeAtomically(stateFile, `${JSON.stringify(state)}\n`);

/** An established site: several stories per feed, some hours apart. */
function firstState(now: number): State {
  const shelf = (lag: number) => ({
    count: oldStories,
    times: Array.from({ length: oldStories }, (_, i) => now - (oldStories - i) * 5 * hourMs + lag * hourMs),
  });
  return { newsroom: shelf(0), journal: shelf(1), clips: shelf(2), katalog: shelf(3) };
}

const nextInTurn = (state: State): SeriesName =>
  demoFeeds.reduce((least, feed) => (state[feed].count < state[least].count ? feed : least));

const withOneMore = (shelf: State[SeriesName], now: number): State[SeriesName] => ({
  count: shelf.count + 1,
  times: [...shelf.times, now].slice(-windowSize),
});

/** A feed's stories, newest first. */
function storiesOf(feed: SeriesName, state: State): Story[] {
  const { count, times } = state[feed];
  return times.map((at, i) => storyOf(feed, count - times.length + i + 1, wholeSecond(at))).reverse();
}

const wholeSecond = (at: number): Date => new Date(Math.floor(at / 1000) * 1000); // as precise as Last-Modified

function serve(request: IncomingMessage, response: ServerResponse, feed: SeriesName, stories: Story[]): void {
  const { contentType, bytes } = documents[feed](stories);
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  const lastModified = stories[0]?.at ?? new Date(0);
  response.setHeader('etag', etag);
  response.setHeader('last-modified', lastModified.toUTCString());
  response.setHeader('cache-control', 'no-cache');

  if (isFresh(request, etag, lastModified)) response.writeHead(304).end();
  else response.writeHead(200, { 'content-type': contentType, 'content-length': bytes.length }).end(bytes);
}

/** RFC 9110, section 13.2.2: If-None-Match takes precedence over If-Modified-Since. */
function isFresh(request: IncomingMessage, etag: string, lastModified: Date): boolean {
  const { 'if-none-match': ifNoneMatch, 'if-modified-since': ifModifiedSince } = request.headers;
  if (ifNoneMatch !== undefined) return ifNoneMatch === etag;
  return ifModifiedSince !== undefined && Date.parse(ifModifiedSince) >= lastModified.getTime();
}
