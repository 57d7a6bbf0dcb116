import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../docs/decisions/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const pages = readdirSync(folder).filter((name) => name !== 'README.md');

describe('the decision records', () => {
  it('are numbered from one without gaps', () => {
    expect(pages.map((name) => name.slice(0, 5))).toEqual(
      pages.map((_, at) => `${String(at + 1).padStart(4, '0')}-`),
    );
  });

  it.each(pages)('%s has its number, a date and a status', (name) => {
    const day = String.raw`\d{4}-\d\d-\d\d`;
    const status = `(accepted|superseded by \\[\\d+\\]\\(.*\\)) · ${day}(, amended ${day})?`;

    expect(read(name)).toMatch(new RegExp(`^# ${Number(name.slice(0, 4))}\\. .+\\n\\nStatus: ${status}\\n`));
  });

  it.each(pages)('%s is listed by its title', (name) => {
    const [, title] = /^# \d+\. (.*)$/m.exec(read(name)) ?? [];

    expect(read('README.md')).toContain(`| [${title}](${name}) |`);
  });
});
