import * as v from 'valibot';

/** The target of a command: a deployed stage or a data folder on this machine; and its feeds file. */
export type Where = {
  stage?: string | undefined;
  region?: string | undefined;
  data?: string | undefined;
  config?: string | undefined;
};

/** The default data folder. */
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
 * The command line for a target, quoted for a shell. `verb`: with its arguments, which are only our own IDs and keys.
 */
export const toType = (verb: string, { stage, region, data, config }: Where): string => {
  const place = stage === undefined ? { data: unusual(data) } : { stage, region };
  return `npm run -s cli -- ${verb}${named({ config, ...place })}`;
};

/**
 * How the run was started last. `config` null: the demo. `target`: where drafts went; `address`: the user's own.
 * `port` null: the default one.
 */
export const Started = v.object({
  config: v.nullable(v.string()),
  target: v.picklist(['sandbox', 'dash', 'address']),
  port: v.nullable(v.number()),
});
export type Started = v.InferOutput<typeof Started>;

const targetOptions: Record<Started['target'], string> = {
  sandbox: '',
  dash: ' --live',
  address: ' --dash-url …',
};

/** The command that starts a run over a data folder, as it was started last if known. */
export const toStart = ({ data, config }: Where, last: Started | null = null): string => {
  const file = config ?? (last === null ? 'feeds.yml' : (last.config ?? undefined));
  const target = targetOptions[last?.target ?? 'sandbox'];
  const port = last?.port?.toString();
  const options = `${named({ config: file })}${target}${named({ data: unusual(data), port })}`;
  const start = `${target === '' ? '' : 'DASH_SOCIAL_TOKEN=… '}${options === '' ? 'npm start' : `npm start --${options}`}`;
  const isGuess = last === null && config === undefined && unusual(data) === undefined;
  return isGuess ? `${start}, or npm start alone for the demo` : start;
};

/** The option that names a scope to `pause` and `resume`: ` --brand 144`; empty for everything. */
export const scopeOption = (scope: string): string =>
  scope === 'all' ? '' : scope.replace(/^(brand|feed)\//, ' --$1 ');
