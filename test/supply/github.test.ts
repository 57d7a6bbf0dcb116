import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = new URL('../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');

type Field = {
  type: string;
  id?: string;
  attributes: { label?: string };
  validations?: { required: boolean };
};
type Form = { name: string; description: string; labels: string[]; body: Field[] };
const folder = '.github/ISSUE_TEMPLATE/';
const forms = readdirSync(new URL(folder, root)).filter((name) => name !== 'config.yml');
const formOf = (name: string): Form => parse(read(folder + name));
const inputs = (form: Form) => form.body.filter(({ type }) => type !== 'markdown');

describe('an issue form', () => {
  it.each(forms)('%s has a name, a label, and labelled fields with unique IDs', (name) => {
    const form = formOf(name);
    const ids = inputs(form).map(({ id }) => id);

    expect([form.name, form.description]).toEqual([expect.any(String), expect.any(String)]);
    expect(form.labels).toHaveLength(1);
    expect(inputs(form).filter(({ attributes }) => !attributes.label)).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain(undefined);
  });

  it('for a misread feed requires the document, its headers and the expected result', () => {
    const required = inputs(formOf('feed-read-wrongly.yml')).filter(
      ({ validations }) => validations?.required,
    );

    expect(required.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['document', 'headers', 'parsed', 'expected']),
    );
  });

  it('links only to existing pages', () => {
    const { contact_links: links } = parse(read(`${folder}config.yml`)) as {
      contact_links: { url: string }[];
    };
    const pages = links.flatMap(({ url }) => /\/blob\/main\/(.*)$/.exec(url)?.[1] ?? []);

    expect(pages.length).toBeGreaterThan(0);
    expect(pages.filter((page) => !existsSync(new URL(page, root)))).toEqual([]);
  });
});

type Update = {
  'package-ecosystem': string;
  directory: string;
  cooldown?: { 'default-days': number };
};

describe('Dependabot', () => {
  const { updates } = parse(read('.github/dependabot.yml')) as { updates: Update[] };
  const watched = updates.map((one) => `${one['package-ecosystem']} ${one.directory}`);

  it('watches each lockfile and the workflows', () => {
    expect(watched).toEqual(['npm /', 'npm /bench', 'github-actions /']);
    for (const folder of ['', 'bench/'])
      expect(existsSync(new URL(`${folder}package-lock.json`, root))).toBe(true);
  });

  it('ignores versions in their first week', () => {
    expect(updates.filter(({ cooldown }) => (cooldown?.['default-days'] ?? 0) < 7)).toEqual([]);
  });
});
