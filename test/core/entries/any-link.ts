import fc from 'fast-check';

const signs = fc.string({
  unit: fc.constantFrom(...'aZ09-._~/%=&;:@!$\'()*+,é日 \u0301"<>[]^`{|}\\'),
  maxLength: 12,
});
const octets = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 6 });
const encoded = octets.map((list) => list.map((one) => `%${one.toString(16).padStart(2, '0')}`).join(''));
const part = fc.array(fc.oneof(signs, encoded), { maxLength: 4 }).map((parts) => parts.join(''));

/**
 * Anything that may follow a host, valid or not: any characters, encoded octets, stray percent signs, any
 * number of slashes.
 */
export const anyLink = fc
  .tuple(fc.constantFrom('http://example.com/', 'https://www.www.EXAMPLE.com.:81//'), part, part, part)
  .map(([start, path, query, fragment]) => `${start}${path}?${query}#${fragment}`);
