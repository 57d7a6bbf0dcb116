import { readFileSync } from 'node:fs';
import type { Source } from '../../lib/webhooks/source.ts';
import { sources } from '../../lib/webhooks/sources.ts';
import { code, table } from './markdown.ts';

const rootUrl = new URL('../../', import.meta.url);

/** A page with new text between its two comments `webhook sources`. */
const withSources = (page: string, text: string): string =>
  readFileSync(new URL(page, rootUrl), 'utf8').replace(
    /(<!-- webhook sources: npm run docs -->)[\s\S]*?(<!-- \/webhook sources -->)/,
    (_, before: string, after: string) => `${before}${text}${after}`,
  );

/** The protection of a source's deliveries against replay and forgery. */
const signs = ({ signature }: Source): string => {
  if (signature === null) return 'as `verify` describes';
  if (!('kind' in signature)) return 'body and time';
  if (signature.kind !== 'hmac') return 'nothing; it sends the secret';
  return signature.timestampHeader === null ? 'body' : 'body and time';
};

const index = (): string =>
  table(
    ['content system', '`from`', 'creates an entry when', 'signs'],
    sources.map((source) => [
      `[${source.title}](${source.name}.md)`,
      code(source.name),
      source.trigger,
      signs(source),
    ]),
  );

/** docs/webhooks/README.md, with the index of all sources. */
export const webhooksPage = (): string => withSources('docs/webhooks/README.md', `\n\n${index()}\n\n`);

const link = ({ title, name }: Source): string => `[${title}](docs/webhooks/${name}.md)`;

/** README.md, with the names of all sources. */
export const readmePage = (): string => {
  const links = sources.map(link);
  return withSources('README.md', `\n  ${links.slice(0, -1).join(',\n  ')} and\n  ${links.at(-1)}.\n  `);
};
