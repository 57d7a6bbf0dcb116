import type { Config, EnrichConfig } from '../config/config.ts';
import { rowOwners } from '../config/row-owners.ts';
import type { EntryRow } from '../ledger/row.ts';
import { settingsNow } from '../posts/rendering.ts';

type Known = Pick<Config, 'feeds' | 'webhooks'>;

/** The hook that is asked about a row: that of the feed or webhook whose settings rendered it; null if it has none. */
export const hookOf = (config: Known, row: EntryRow): EnrichConfig | null => {
  const settings = settingsNow(config, row)?.settings ?? rowOwners(config).find(({ id }) => id === row.feed);
  return settings?.enrich ?? null;
};
