import type { ReadBefore } from '../../../core/entries/identity/identified-entry.ts';
import { renderEntries } from '../../../core/posts/render-entries.ts';
import { identifyFeed } from '../parse/identify-feed.ts';
import { type FeedDocument, readFeed } from '../parse/read-feed.ts';

/**
 * The tasks of the worker thread by kind: everything whose cost depends on a publisher's text. Each is a function of
 * its input alone, which is passed as a structured clone, as is its result; it throws `AppError` for invalid input.
 */
export const tasks = {
  read: readFeed,
  identify: ({ document, before }: { document: FeedDocument; before: ReadBefore | null }) =>
    identifyFeed(document, before),
  render: renderEntries,
};

type Tasks = typeof tasks;
export type Kind = keyof Tasks;
export type Input<K extends Kind> = Parameters<Tasks[K]>[0];
export type Output<K extends Kind> = Awaited<ReturnType<Tasks[K]>>;
export type Request<K extends Kind = Kind> = { kind: K; input: Input<K> };
