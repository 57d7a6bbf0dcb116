import fc from 'fast-check';

/** Any well-formed text; fast-check's own `binary` unit takes seconds to build. */
export const anyText = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0, max: 0x2fff }).map((point) => String.fromCodePoint(point)),
    fc.integer({ min: 0xe000, max: 0x10ffff }).map((point) => String.fromCodePoint(point)),
  ),
});
