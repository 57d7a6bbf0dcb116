import * as v from 'valibot';
import { dashUrls } from '../../core/dash/dash-call.ts';
import { type DashReaderOptions, dashReader } from './dash-reader.ts';

type DashBrandsOptions = DashReaderOptions & { baseUrl?: string };

/** A brand in Dash Social; its name is null if the response does not contain it. */
export type DashBrand = { id: number; name: string | null };

const Named = v.looseObject({ id: v.number(), name: v.string() });

const Self = v.looseObject({
  accessible_brands: v.array(v.number()),
  // only the IDs are relied on; a brand of another shape has no name
  brands: v.fallback(v.array(v.fallback(v.nullable(Named), null)), []),
});

/** The brands that the token may use, in the order of the response. Throws like `dashReader`. */
export const dashBrands = (options: DashBrandsOptions) => async (): Promise<DashBrand[]> => {
  const { self: url } = dashUrls(options.baseUrl);
  const { accessible_brands: ids, brands } = await dashReader(options)(url, Self);
  return ids.map((id) => ({ id, name: brands.find((brand) => brand?.id === id)?.name ?? null }));
};
