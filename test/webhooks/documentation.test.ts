import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { readConfig } from '../../lib/config.ts';
import type { WebhookConfig } from '../../lib/core/config/config.ts';
import { parseDelivery } from '../../lib/webhooks/parse-delivery.ts';
import { signDelivery } from '../../lib/webhooks/sign-delivery.ts';
import { type SourceName, sources } from '../../lib/webhooks/sources.ts';
import { feedsJsonSchema } from '../../scripts/feeds-schema.ts';
import { functionMemory } from '../../scripts/function-memory.ts';
import { now, payloadOf, requestOf, webhookFrom } from './delivery.ts';

const folder = new URL('../../docs/webhooks/', import.meta.url);
const pages = readdirSync(folder).filter((name) => name !== 'README.md');
const textOf = (page: string) => readFileSync(new URL(page, folder), 'utf8');
const proseOf = (page: string) => textOf(page).replaceAll(/\s+/g, ' ');

/** The parts of feeds.yml that the examples refer to. */
const rest = `
feeds:
  newsroom: { url: "https://www.example.com/feed.xml", brand_id: 144 }
  tool: { url: "https://github.com/example/tool/releases.atom", brand_id: 144 }
`;

const writtenExamples = (page: string): string[] =>
  [...textOf(page).matchAll(/```yaml\n(webhooks:\n[\s\S]*?)```/g)].map(([, yaml = '']) => yaml);

const examplesOf = (page: string): WebhookConfig[] =>
  writtenExamples(page).flatMap((yaml) => readConfig(`${rest}${yaml}`, page).webhooks);

const { webhooks: section } = JSON.parse(feedsJsonSchema()).properties;
const settings = new RegExp(
  `^ *(${Object.keys(section.anyOf[0].additionalProperties.properties).join('|')}): *`,
);

/**
 * Settings that a page suggests besides its examples: in inline code, or in a block without a webhook.
 * `publish` is left out, because it needs other settings.
 */
const variantsOf = (page: string): string[] => {
  const within = [...textOf(page).matchAll(/`(?:.*; )?([a-z_]+: [^`]+)`/g)];
  const blocks = [...textOf(page).matchAll(/```yaml\n( +[\s\S]*?)```/g)];
  return [...within, ...blocks]
    .map(([, written = '']) => written)
    .filter((one) => settings.test(one) && !one.startsWith('publish'));
};

/** The first example of a page, with a setting that one of its sentences suggests. */
const variant = (page: string, written: string): WebhookConfig | undefined => {
  const { webhooks } = parse(writtenExamples(page)[0] ?? '');
  const [id = ''] = Object.keys(webhooks);
  Object.assign(webhooks[id], parse(written));
  return readConfig(`${rest}${stringify({ webhooks })}`, page).webhooks[0];
};

test('every source has a page, and every page a source', () => {
  expect(pages.map((page) => page.replace('.md', '')).toSorted()).toEqual(
    sources.map(({ name }) => name).toSorted(),
  );
});

/** What a source signs, according to the index of sources. */
const signedOf = (page: string): string =>
  new RegExp(`^\\| \\[.*\\]\\(${page}\\) \\| .* \\| (.*) \\|$`, 'm').exec(textOf('README.md'))?.[1] ?? '';

/** Parses a delivery from the page's source with one of its examples, signed `minutesAgo`. */
const received = (page: string, example: WebhookConfig, minutesAgo = 0) => {
  const secret = 'a1'.repeat(32);
  const body = JSON.stringify(payloadOf(page.replace('.md', '') as SourceName));
  const signed = signDelivery(example, {
    body: new TextEncoder().encode(body),
    secret,
    at: now - minutesAgo * 60_000,
    path: '/hooks/blog',
    id: 'msg_1',
  });
  return parseDelivery(example, requestOf(body, signed), [secret], now);
};

const isTakenLate = (page: string, example: WebhookConfig): boolean => {
  try {
    return received(page, example, 60)[0]?.kind === 'published';
  } catch {
    return false;
  }
};

describe.each(pages)('%s', (page) => {
  const [example] = examplesOf(page);

  test('every example is a valid configuration', () => {
    expect(examplesOf(page).length).toBeGreaterThan(0);
  });

  test.each(examplesOf(page))('with the example $id, a delivery from the source becomes an entry', (one) => {
    const mapped = received(page, one);

    expect(mapped).toMatchObject([{ kind: 'published', entry: { link: expect.stringMatching(/^https:/) } }]);
  });

  test.each(variantsOf(page))('the suggested setting %s is valid in its example', (written) => {
    expect(variant(page, written)).toMatchObject({ from: example?.from });
  });

  test('page and index state whether a delivery can be replayed', () => {
    const isReplayable = isTakenLate(page, example as WebhookConfig);
    const warns = /no time is signed|nothing is signed|signs nothing|if the sender signs a time/i;

    expect(warns.test(proseOf(page))).toBe(isReplayable);
    expect(signedOf(page)).toMatch(
      isReplayable ? /^(?:body|nothing.*|as `verify` describes)$/ : /^body and time$/,
    );
  });

  test('the page recommends polling the feed too', () => {
    expect(proseOf(page)).toMatch(/keep polling the feed|poll it too/i);
  });
});

/** The bodies that a page shows as sent by its source. */
const bodiesOf = (page: string): unknown[] =>
  [...textOf(page).matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) => JSON.parse(json));

test('the Directus delivery shown on its page becomes a draft with its picture', () => {
  const [rule, created, changed, body] = bodiesOf('directus.md');
  const [example] = examplesOf('directus.md');
  const request = requestOf(JSON.stringify(body), { headers: { authorization: 'Bearer secret' } });

  expect(rule).toEqual({ $trigger: { payload: { status: { _eq: 'published' } } } });
  expect(created).toEqual({ filter: { id: { _eq: '{{$trigger.key}}' } } });
  expect(changed).toEqual({ filter: { id: { _in: '{{$trigger.keys}}' } } });
  expect(parseDelivery(example as WebhookConfig, request, ['secret'], now)).toMatchObject([
    {
      kind: 'published',
      entry: {
        id: '77',
        title: 'Cheese & "Crackers"',
        link: 'https://www.example.com/cheese-crackers',
        categories: ['Recipes'],
        published: '2026-11-20T08:30:00.000Z',
        image: 'https://cms.example.com/assets/0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d',
      },
    },
  ]);
});

test('the body template on the Directus page yields JSON for any item', () => {
  const [, typed = ''] = /```\n(.*\{\{read\}\}.*)\n```/.exec(textOf('directus.md')) ?? [];
  const { item } = payloadOf('directus');

  expect(JSON.parse(typed.replace('{{read}}', () => JSON.stringify(item)))).toEqual({ item });
  expect(JSON.parse(typed.replace('{{read}}', () => JSON.stringify([item, item])))).toEqual({
    item: [item, item],
  });
});

test('the projection on the Sanity page yields the fields that its source reads', () => {
  const [, groq = ''] = /```groq\n([\s\S]*?)```/.exec(textOf('sanity.md')) ?? [];
  const made = groq.replace(/[{}]/g, '').split(',');
  const projected = made.map((part) => part.trim().replace(/^"(\w+)":.*$/s, '$1'));

  expect(projected.toSorted()).toEqual(Object.keys(payloadOf('sanity')).toSorted());
});

/** A value of the right kind for a field of this name, different from every fixture. */
const sampleOf = (name: string): unknown => {
  if (/^date_|^(published|updated)$/.test(name)) return '2026-11-19T07:00:00.000Z';
  if (/^(link|image|video)$/.test(name)) return 'https://www.example.com/another';
  return name.includes('media_ids') ? 7 : 'another';
};

const bySlug = { link: 'https://www.example.com/{{ slug }}' };
const namesIn = (text = ''): string[] => [...text.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
const zapierNames = [...textOf('zapier.md').matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, row]) => namesIn(row));
const directusNames = namesIn(/These fields are known: (.*?)\. If yours/s.exec(textOf('directus.md'))?.[1]);

test.each([
  ...zapierNames.map((name) => ['zapier', name, {}] as const),
  ...directusNames.map((name) => ['directus', name, name === 'slug' ? bySlug : {}] as const),
])('the page of %s names a field that is read: %s', (source, name, options) => {
  const webhook = webhookFrom(source, options);
  const story = { id: '1', status: 'published', title: 'One', link: 'https://www.example.com/1' };
  const read = (more: object) => {
    const sent = { ...story, ...more };
    const body = JSON.stringify(source === 'zapier' ? sent : { item: sent });
    return parseDelivery(
      webhook,
      requestOf(body, { headers: { authorization: 'Bearer secret' } }),
      ['secret'],
      now,
    );
  };

  expect(read({ [name]: sampleOf(name) })).not.toEqual(read({}));
});

test("the Ghost page states the largest delivery's measured cost and the configured memory", () => {
  const limits = readFileSync(new URL('../../docs/decisions/0011-limits.md', import.meta.url), 'utf8');
  const [, seconds, timeOut, peak, given] =
    /the first delivery from Ghost, 5 MB \| [\d.]+ \| [\d.]+ \| ([\d.]+) \| (\d+) \| (\d+) \| (\d+) \|/.exec(
      limits,
    ) ?? [];
  const { receiveWebhook } = functionMemory();

  expect(Number(given)).toBe(receiveWebhook);
  expect(proseOf('ghost.md')).toContain(
    `A 5 MB delivery uses ${peak} of the function's ${receiveWebhook?.toLocaleString('en')} MB and ${seconds} of its ${timeOut} seconds`,
  );
});
