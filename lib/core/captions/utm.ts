import { type Utm, utmFields } from '../editorial/editorial.ts';
import { tidyText } from '../text/tidy-text.ts';

const nameOf = (pair: string): string => (pair.split('=', 1)[0] ?? '').toLowerCase();

/**
 * Appends `utm_…` parameters to a link, replacing existing ones of the same name. The rest of the link is unchanged,
 * byte for byte; parameters that render empty are left out. Anything but an http(s) address is returned unchanged.
 */
export const withUtm = (link: string, utm: Utm, render: (template: string) => string): string => {
  if (!/^https?:\/\//i.test(link)) return link;
  const parameters = utmFields.flatMap((field) => {
    const value = tidyText(render(utm[field] ?? '')).replaceAll('\n', ' ');
    return value === '' ? [] : [{ name: `utm_${field}`, value }];
  });
  const ours = new Set(parameters.map(({ name }) => name));
  const [, page = '', query, fragment = ''] = /^([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(link) ?? [];
  const kept = (query ?? '').split('&').filter((pair) => pair !== '' && !ours.has(nameOf(pair)));
  const added = parameters.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`);
  const all = [...kept, ...added].join('&');
  return parameters.length === 0 ? link : `${page}?${all}${fragment}`;
};
