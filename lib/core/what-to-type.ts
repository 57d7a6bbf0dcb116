/** Where a command is to look: a deployed stage, else a data folder of this machine; and in which feeds file. */
export type Where = {
  stage?: string | undefined;
  region?: string | undefined;
  data?: string | undefined;
  config?: string | undefined;
};

/** The data folder where none is named. */
export const usualData = '.local';

const needsNoQuotes = /^[\w%+=:,./@-]+$/;
const quoted = (word: string): string =>
  needsNoQuotes.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

const named = (options: Record<string, string | undefined>): string =>
  Object.entries(options)
    .map(([name, value]) => (value === undefined ? '' : ` --${name} ${quoted(value)}`))
    .join('');

const unusual = (data: string | undefined): string | undefined => (data === usualData ? undefined : data);

/**
 * What to type to do something just there, by a shell's rules. `verb`: with what stands behind it, which holds ids and
 * keys of ours only.
 */
export const toType = (verb: string, { stage, region, data, config }: Where): string => {
  const place = stage === undefined ? { data: unusual(data) } : { stage, region };
  return `npm run -s cli -- ${verb}${named({ config, ...place })}`;
};

/** What starts the work over a data folder. `isLive`: drafts went to Dash Social from there. */
export const toStart = ({ data, config }: Where, isLive = false): string => {
  const start = `npm start --${named({ config: config ?? 'feeds.yml' })}`;
  if (isLive) return `DASH_SOCIAL_TOKEN=… ${start} --live${named({ data: unusual(data) })}`;
  if (unusual(data) !== undefined || config !== undefined) return `${start}${named({ data: unusual(data) })}`;
  return `${start}, or npm start alone for the demo`;
};
