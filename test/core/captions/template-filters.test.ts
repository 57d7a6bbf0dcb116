import { describe, expect, test } from 'vitest';
import { renderTemplate } from '../../../lib/core/captions/template.ts';
import { templateFilters } from '../../../lib/core/captions/template-filters.ts';

const render = (template: string, value: unknown) => renderTemplate(template, { value }, 'UTC');

describe('sentence', () => {
  test.each([
    ['One. Two. Three.', '', 'One.'],
    ['One! Two? Three.', ': 2', 'One! Two?'],
    ['No end', '', 'No end'],
    ['It costs 3.50 today. More.', '', 'It costs 3.50 today.'],
    ['最初の文。次の文。', '', '最初の文。'],
    ['पहला वाक्य। दूसरा।', '', 'पहला वाक्य।'],
    ['', '', ''],
    ['One.', ': 0', ''],
  ])('of "%s" with%s is "%s"', (text, count, first) => {
    expect(render(`{{ value | sentence${count} }}`, text)).toBe(first);
  });
});

describe('words', () => {
  test.each([
    ['one two three', 2, 'one two…'],
    ['one two three', 3, 'one two three'],
    ['one, two – three four', 2, 'one, two…'],
    ['read https://www.example.com/a/b now', 2, 'read…'],
    ['one #two_three four', 1, 'one…'],
    ['', 3, ''],
  ])('of "%s", %i of them, are "%s"', (text, count, first) => {
    expect(render(`{{ value | words: ${count} }}`, text)).toBe(first);
  });

  test('are also counted in scripts without spaces', () => {
    const cut = render('{{ value | words: 2 }}', '新製品を発売しました');

    expect(cut).toMatch(/^新製品?.*…$/u);
    expect(cut.length).toBeLessThan('新製品を発売しました'.length);
  });
});

describe('without_emoji', () => {
  test.each([
    ['Launch 🚀 today', 'Launch today'],
    ['🎉🎉 New', 'New'],
    ['A family 👨‍👩‍👧‍👦 outing', 'A family outing'],
    ['Flags 🇩🇪 and 🏴󠁧󠁢󠁳󠁣󠁴󠁿', 'Flags and'],
    ['Thumbs 👍🏽!', 'Thumbs !'],
    ['Keycap 3️⃣ and 3', 'Keycap and 3'],
    ['I ❤ and ❤️ it', 'I and it'],
    ['Acme™ ©2026 ® → ↔', 'Acme™ ©2026 ® → ↔'],
    ['C# *1', 'C# *1'],
    ['two\n🎈\nlines', 'two\n\nlines'],
  ])('"%s" becomes "%s"', (text, plain) => {
    expect(render('{{ value | without_emoji }}', text)).toBe(plain);
  });
});

test('without_links removes addresses', () => {
  const text = 'Read https://www.example.com/a?b and www.example.com, now';

  expect(render('{{ value | without_links }}', text)).toBe('Read and now');
});

test('one_line removes line breaks', () => {
  expect(render('{{ value | one_line }}', ' a\n\n b\tc ')).toBe('a b c');
});

test.each(Object.keys(templateFilters))('%s of null is empty', (filter) => {
  expect(render(`{{ value | ${filter} }}`, null)).toBe('');
});
