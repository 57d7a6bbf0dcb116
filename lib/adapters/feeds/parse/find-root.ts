import { declaredEntities } from '../../../core/text/decode-entities.ts';
import { scanXml } from './scan-xml.ts';
import type { FeedRoot } from './tidy-xml.ts';
import { localName } from './xml-names.ts';

const CORES: Record<string, FeedRoot['core']> = {
  rss: 'rss',
  rdf: 'rss',
  channel: 'rss',
  feed: 'atom',
  entry: 'atom',
};

/** The kind of a document: a feed, a page, or XML with another root element. */
type Found =
  | { kind: 'feed'; root: FeedRoot }
  | { kind: 'html' }
  | { kind: 'xml'; name: string }
  | { kind: 'none' };

/**
 * Finds the root of a feed. Anything before it (declarations, comments, a PHP warning) is skipped, except a page: feeds
 * inside `<html>` are not found.
 */
export const findRoot = (text: string): Found => {
  let found: Found = { kind: 'none' };
  scanXml(text, {
    declaration: (raw) => {
      if (/^doctype\s{1,9}html/i.test(raw)) found = { kind: 'html' };
    },
    open: ({ name, start }) => {
      const local = localName(name);
      if (found.kind !== 'html' && Object.hasOwn(CORES, local)) {
        const declared = declaredEntities(text.slice(0, start));
        found = { kind: 'feed', root: { core: CORES[local] ?? 'rss', start, declared } };
      } else if (local === 'html') found = { kind: 'html' };
      else if (found.kind === 'none')
        found = { kind: 'xml', name: text.slice(start + 1).slice(0, name.length) };
      return found.kind === 'feed' || found.kind === 'html';
    },
  });
  return found;
};
