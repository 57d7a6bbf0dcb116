import { Liquid, type Template, Tokenizer, TokenKind } from 'liquidjs';
import type { PlaceInTemplate } from './place-in-template.ts';
import { settleHashtags } from './settle-hashtags.ts';
import { templateFilters } from './template-filters.ts';

/** Maximum length of a template, in UTF-16 units. */
const parseLimit = 20_000;

/**
 * Limits of one rendering. Liquid counts memory in characters and list items, and time in milliseconds; the time limit
 * is only a backstop, so that results do not depend on the speed of a machine.
 */
const bounds = { parseLimit, memoryLimit: 1_000_000, renderLimit: 1_000 };

/** Tags that read files, and one that writes HTML. */
const withoutTags = ['include', 'render', 'layout', 'block', 'tablerow'];
/** Would make two renderings of an entry differ. */
const withoutFilters = ['sample'];

const engineFor = (timezone: string): Liquid => {
  const engine = new Liquid({
    ...bounds,
    templates: {},
    strictFilters: true,
    ownPropertyOnly: true,
    timezoneOffset: timezone,
    locale: 'en-US',
  });
  for (const tag of withoutTags) delete engine.tags[tag];
  for (const filter of withoutFilters) delete engine.filters[filter];
  for (const [name, filter] of Object.entries(templateFilters)) engine.registerFilter(name, filter);
  return engine;
};

/** Caches the results of `make`, for about the last thousand keys. */
const remembering = <T>(make: (key: string) => T): ((key: string) => T) => {
  const made = new Map<string, T>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    if (made.size >= 1_000) made.clear();
    const fresh = make(key);
    made.set(key, fresh);
    return fresh;
  };
};

const engine = remembering(engineFor);
const parsed = remembering((template): Template[] => engine('UTC').parse(template));

/** Renders a template with the given values, which are data and never parsed as templates. Throws Liquid's errors. */
export const renderTemplate = (template: string, values: Record<string, unknown>, timezone: string): string =>
  settleHashtags(String(engine(timezone).renderSync(parsed(template), values)), template);

/**
 * The free variables of a template, each with its path (`['video', 'url']`) and the position of its first use. Throws
 * Liquid's errors.
 */
export const variablesOf = (template: string): { path: unknown[]; place: PlaceInTemplate }[] => {
  const { globals } = engine('UTC').analyzeSync(parsed(template), { partials: false });
  return Object.values(globals)
    .flat()
    .map((variable) => ({
      path: variable.toArray(),
      place: { line: variable.location.row, column: variable.location.col },
    }));
};

/** The filters available to a template. */
export const filterNames = (): string[] => Object.keys(engine('UTC').filters);
export const tagNames = (): string[] => Object.keys(engine('UTC').tags);

/** The literal parts of a template, each with its position. Throws Liquid's errors. */
export const literalParts = (template: string): { at: number; text: string }[] =>
  new Tokenizer(template)
    .readTopLevelTokens()
    .filter(({ kind }) => kind === TokenKind.HTML)
    .map((token) => ({ at: token.begin, text: token.getText() }));
