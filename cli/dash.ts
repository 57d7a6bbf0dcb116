import { Command, Option } from 'commander';
import type { DashBrand } from '../lib/adapters/dash-social/dash-brands.ts';
import type { DashCampaign } from '../lib/adapters/dash-social/dash-campaigns.ts';
import { plain } from '../local/plain-text.ts';
import { dashAccess } from './dash-access.ts';
import { brandText } from './format-names.ts';
import { id } from './parse-number.ts';
import { act, type Cli, examples, wrongUsage } from './verb.ts';

const tokenHelp = `
The token is that of --stage, else that in DASH_SOCIAL_TOKEN, else that of what is running in --data. Nothing is changed.`;

const brandsCommand = (cli: Cli): Command =>
  new Command('brands')
    .description('list the brands that the token may use, with the IDs for brand_id')
    .addHelpText('after', `${tokenHelp}\n${examples('dash brands', 'dash brands --stage prod --json')}`)
    .action(
      act(cli, async (call) => {
        const dash = await dashAccess(call);
        const brands = await call.progress('reading the brands', dash.brands);
        return {
          json: { source: dash.source, brands },
          lines: (page) =>
            brands.length === 0
              ? ['The token may use no brand.']
              : page.table(
                  ['brand_id', 'name'],
                  brands.map(({ id: brand, name }) => [brand, name]),
                ),
        };
      }),
    );

/** All brands of the token, or the one that was named. Throws permanent `cli.brand`. */
const chosen = (brands: DashBrand[], brand: number | undefined): DashBrand[] => {
  if (brand === undefined) return brands;
  const found = brands.filter((one) => one.id === brand);
  if (found.length > 0) return found;
  const known = brands.map(brandText).join(', ') || 'none';
  throw wrongUsage('brand', `The token may not use brand ${brand}. It may use: ${known}.`);
};

type Listed = { brand: DashBrand; campaigns: DashCampaign[] };

const day = (text: string | null): string => plain(text?.slice(0, 10) ?? '–');

const campaignsCommand = (cli: Cli): Command =>
  new Command('campaigns')
    .description('list the campaigns of each brand, with the IDs for campaign_ids')
    .addOption(new Option('--brand <id>', 'only this brand').argParser(id))
    .addHelpText('after', `${tokenHelp}\n${examples('dash campaigns', 'dash campaigns --brand 144')}`)
    .action(
      act<{ brand?: number }>(cli, async (call) => {
        const dash = await dashAccess(call);
        const listed = await call.progress('reading the campaigns', async (tick) => {
          const found: Listed[] = [];
          for (const brand of chosen(await dash.brands(), call.options.brand)) {
            tick(brandText(brand));
            found.push({ brand, campaigns: await dash.campaigns(brand.id) });
          }
          return found;
        });
        return {
          json: {
            source: dash.source,
            brands: listed.map(({ brand, campaigns }) => ({ ...brand, campaigns })),
          },
          lines: (page) => {
            const rows = listed.flatMap(({ brand, campaigns }) =>
              campaigns.map(({ id: campaign, name, starts, ends }) => [
                campaign,
                name,
                brandText(brand),
                day(starts),
                day(ends),
              ]),
            );
            return rows.length === 0
              ? ['There are no campaigns.']
              : page.table(['campaign', 'name', 'brand', 'starts', 'ends'], rows);
          },
        };
      }),
    );

/** `dash`: reads from Dash Social what feeds.yml refers to by number. */
export const dashCommand = (cli: Cli): Command =>
  new Command('dash')
    .description('list brands and campaigns of Dash Social by name')
    .addCommand(brandsCommand(cli))
    .addCommand(campaignsCommand(cli))
    .addHelpText('after', examples('dash brands', 'dash campaigns --brand 144'));
