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

/** What some markup turned out to be: a feed, a page, or XML whose first element has another name. */
type Found =
  | { kind: 'feed'; root: FeedRoot }
  | { kind: 'html' }
  | { kind: 'xml'; name: string }
  | { kind: 'none' };

/**
 * Looks for the root of a feed. What stands before it (declarations, comments, a warning of PHP) is passed over, but
 * not a page: feeds are not found inside `<html>`.
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
