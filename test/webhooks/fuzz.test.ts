import { test } from 'vitest';
import { fuzzDeliveries } from './fuzz.ts';

test('of mutated requests to all sources none gets in unproven, and none fails in an unknown way', async () => {
  await fuzzDeliveries(600);
});
