import { maxTextUnits } from '../posts/tiktok-post.ts';
import { tidyText } from '../text/tidy-text.ts';
import { shorten } from './shorten.ts';
import { renderTemplate } from './template.ts';
import type { TemplateValues } from './template-values.ts';

/** The default caption. It has no link, because links cannot be clicked on TikTok. */
export const defaultCaption =
  '{{ title }}\n\n{{ summary | truncate: 300 }}\n\n{{ categories | hashtags: 5 }}\n';

/** The fields that are shortened to make a caption fit, in this order. */
const yielding = ['content', 'summary', 'title'] as const;

/** The length of title that is kept while another field can still be shortened. */
const leastTitle = 150;

/** The result for the largest `n` up to `most` that has one; null when even 0 has none. */
const largest = (most: number, resultOf: (n: number) => string | null): string | null => {
  let best = resultOf(0);
  if (best === null) return null;
  let [fits, fails] = [0, most + 1];
  while (fails - fits > 1) {
    const middle = (fits + fails) >> 1;
    const result = resultOf(middle);
    if (result === null) fails = middle;
    else [best, fits] = [result, middle];
  }
  return best;
};

/**
 * Renders a caption that fits TikTok. If it is too long, content, then summary, then title are shortened and the
 * template is rendered again, so that the template's own text after them is kept; only if that is not enough is the
 * caption cut at its end. Links and hashtags are kept whole or left out. May be empty. Throws Liquid's errors.
 */
export const renderCaption = (template: string, values: TemplateValues, timezone: string): string => {
  const render = (some: TemplateValues) => tidyText(renderTemplate(template, some, timezone));
  let current = values;
  let caption = render(current);
  for (const field of yielding) {
    if (caption.length <= maxTextUnits) return caption;
    const full = values[field];
    if (typeof full !== 'string') continue;
    const within = (most: number): TemplateValues => ({ ...current, [field]: shorten(full, most) || null });
    const fitting = largest(Math.min(full.length, maxTextUnits), (most) => {
      const shorter = render(within(most));
      return shorter.length <= maxTextUnits ? shorter : null;
    });
    if (fitting !== null) return fitting;
    current = within(field === 'title' ? leastTitle : 0);
    caption = render(current);
  }
  return shorten(caption, maxTextUnits);
};
