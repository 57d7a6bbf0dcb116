import * as v from 'valibot';
import { type LibraryAddress, libraryUrls } from '../../core/dash/dash-call.ts';
import { permanent } from '../../core/errors.ts';
import { type DashReaderOptions, dashReader } from './dash-reader.ts';

type DashCampaignsOptions = DashReaderOptions & LibraryAddress;

/** A campaign of a brand. Dates are as in the response. */
export type DashCampaign = { id: number; name: string | null; starts: string | null; ends: string | null };

const Text = v.fallback(v.nullish(v.string()), null);

const Page = v.looseObject({
  data: v.array(v.looseObject({ id: v.number(), name: Text, start_date: Text, end_date: Text })),
  paging: v.nullish(v.looseObject({ next: v.nullish(v.string()) })),
});

/** More campaigns than fit on so many pages are not read. */
const maxPages = 50;

/** The token is sent to our own address only: of the next page's address, just the query is used. */
const queryOf = (next: string | null | undefined): string | null =>
  next ? (URL.parse(next)?.search ?? null) : null;

/**
 * All campaigns of a brand, page by page. Throws like `dashReader`, and permanent `dash.long-list` if the pages do not
 * end.
 */
export const dashCampaigns = (options: DashCampaignsOptions) => {
  const read = dashReader(options);
  const { campaigns: addressOf } = libraryUrls(options);
  return async (brand: number): Promise<DashCampaign[]> => {
    const found: DashCampaign[] = [];
    const url = addressOf(brand);
    let query: string | null = '';
    for (let page = 0; page < maxPages; page++) {
      const { data, paging } = await read(`${url}${query}`, Page);
      for (const { id, name, start_date: starts, end_date: ends } of data)
        found.push({ id, name: name ?? null, starts: starts ?? null, ends: ends ?? null });
      query = queryOf(paging?.next);
      if (query === null || data.length === 0) return found;
    }
    throw permanent('dash.long-list', `The campaigns of brand ${brand} did not end within ${maxPages} pages`);
  };
};
