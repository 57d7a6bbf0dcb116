import { test } from 'vitest';
import { fuzzDeliveries } from './fuzz.ts';

test('of 20,000 mutated requests none gets in unproven, and none fails in an unknown way', async () => {
  await fuzzDeliveries(20_000);
}, 300_000);
