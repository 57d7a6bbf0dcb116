import type { Config } from '../config/config.ts';
import type { Editorial } from '../editorial/editorial.ts';

/** TikTok accepts about this many direct posts per creator in 24 hours (its content sharing guidelines). */
const mostPublicADay = 15;

/** How many posts per day the settings allow; null if unlimited. */
const mostOf = ({ limits, at }: Editorial): number | null => {
  const bounds = [limits.perDay, at?.kind === 'slot' ? at.slots.length : null].filter((one) => one !== null);
  return bounds.length === 0 ? null : Math.min(...bounds);
};

/** For each brand that may publish more per day than TikTok accepts, a warning with the remedy. */
export const paceWarnings = ({ webhooks }: Config): string[] => {
  const open = webhooks.filter(({ mapping }) => mapping.publish !== 'draft');
  const brands = Map.groupBy(open, ({ mapping }) => mapping.brandId);
  return [...brands].flatMap(([brand, of]) => {
    const most = of.map(({ mapping }) => mostOf(mapping.editorial));
    const names = of.map(({ id }) => id).join(', ');
    const sum = most.reduce<number>((total, one) => total + (one ?? 0), 0);
    if (!most.includes(null) && sum <= mostPublicADay) return [];
    const many = most.includes(null) ? 'any number of posts' : `${sum} posts`;
    return [
      `Brand ${brand} may publish ${many} per day (${names}), but TikTok allows about ${mostPublicADay} in 24 hours. Set limits: { per_day: … }.`,
    ];
  });
};
