import type { DashBrand } from '../lib/adapters/dash-social/dash-brands.ts';
import type { DashCampaign } from '../lib/adapters/dash-social/dash-campaigns.ts';
import type { Config } from '../lib/core/config/config.ts';
import { rowOwners } from '../lib/core/config/row-owners.ts';
import type { DashAccess } from './dash-access.ts';
import { examine, type Finding, failed, ok, skipped } from './finding.ts';
import { brandText } from './format-names.ts';

type Used = {
  /** Brands with the IDs of the campaigns that their posts name. */
  brands: Map<number, Set<number>>;
  tags: Set<number>;
};

/** A field of `post` as checked by the schema of feeds.yml. */
const idsIn = (field: unknown): number[] => (Array.isArray(field) ? field : []);

/** The IDs of Dash Social in feeds.yml, except those that come from a payload. */
const usedIn = (config: Config): Used => {
  const used: Used = { brands: new Map(), tags: new Set() };
  for (const { brandId, post } of posting(config)) {
    for (const brand of [brandId, ...idsIn(post.duplicate_to_brand_ids)])
      used.brands.set(brand, used.brands.get(brand) ?? new Set());
    for (const campaign of idsIn(post.campaign_ids)) used.brands.get(brandId)?.add(campaign);
    for (const tag of idsIn(post.content_tag_ids)) used.tags.add(tag);
  }
  return used;
};

/** Everything that makes posts: the feeds, and the webhooks, whose posts may have fields of their own. */
const posting = (config: Config) => [...rowOwners(config), ...config.webhooks.map(({ mapping }) => mapping)];

const examineBrand = (allowed: DashBrand[], brand: number): Finding => {
  const found = allowed.find(({ id }) => id === brand);
  if (found) return ok('brand', brandText(found));
  const known = allowed.map(brandText).join(', ') || 'none';
  return failed(
    'brand',
    `the token may not use ${brand}; it may use ${known}`,
    'Correct brand_id in feeds.yml.',
  );
};

const named = ({ id, name }: DashCampaign): string => brandText({ id, name });

/** Longer lists are cut, because `dash campaigns` shows all. */
const shown = 10;

const examineCampaigns = (found: DashCampaign[], brand: number, wanted: Iterable<number>): Finding[] =>
  [...wanted].map((campaign) => {
    const one = found.find(({ id }) => id === campaign);
    if (one) return ok('campaign', named(one));
    const known = found.slice(0, shown).map(named).join(', ') || 'none';
    const more = found.length > shown ? `, and ${found.length - shown} more` : '';
    return failed(
      'campaign',
      `brand ${brand} has no campaign ${campaign}; it has ${known}${more}`,
      'Correct campaign_ids in feeds.yml.',
    );
  });

const examineTags = (tags: ReadonlySet<number>): Finding[] =>
  tags.size === 0
    ? []
    : [
        skipped(
          'content tags',
          `${[...tags].join(', ')}: not checked, because Dash Social documents no list of tags`,
        ),
      ];

/** Whether the brands and campaigns in feeds.yml exist in Dash Social. Creates nothing. */
export const examineNames = async (dash: DashAccess, config: Config): Promise<Finding[]> => {
  const { brands, tags } = usedIn(config);
  let allowed: DashBrand[] = [];
  const findings = await examine('brands', async () => {
    allowed = await dash.brands();
    return [...brands.keys()].map((brand) => examineBrand(allowed, brand));
  });
  for (const [brand, wanted] of brands)
    if (wanted.size > 0 && allowed.some(({ id }) => id === brand))
      findings.push(
        ...(await examine('campaigns', async () =>
          examineCampaigns(await dash.campaigns(brand), brand, wanted),
        )),
      );
  return [...findings, ...examineTags(tags)];
};
