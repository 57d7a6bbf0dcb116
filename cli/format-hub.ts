import { plain } from '../local/plain-text.ts';

/** A clause about the WebSub hub of a feed; docs/decisions has the reason why it is not used. */
export const hubText = (hub: string): string =>
  `advertises the WebSub hub ${plain(hub)}, which is not used: the feed is polled`;
