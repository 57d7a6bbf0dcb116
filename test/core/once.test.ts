import { expect, it, vi } from 'vitest';
import { once } from '../../lib/core/once.ts';

it('creates nothing before the first call, and one value afterwards', () => {
  const make = vi.fn(() => ({}));

  const get = once(make);

  expect(make).not.toHaveBeenCalled();
  expect(get()).toBe(get());
  expect(make).toHaveBeenCalledTimes(1);
});

it('caches undefined like any other value', () => {
  const make = vi.fn(() => undefined);

  const get = once(make);
  get();
  get();

  expect(make).toHaveBeenCalledTimes(1);
});

it('tries again after a throw', () => {
  const make = vi
    .fn(() => 'made')
    .mockImplementationOnce(() => {
      throw new Error('not yet');
    });

  const get = once(make);

  expect(get).toThrow('not yet');
  expect(get()).toBe('made');
});
