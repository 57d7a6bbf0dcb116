import { test } from 'vitest';
import { fuzzDeliveries } from './fuzz.ts';
import { fuzzReceiver } from './fuzz-receiver.ts';

test('of 20,000 mutated requests none gets in unproven, and none fails in an unknown way', async () => {
  await fuzzDeliveries(20_000);
}, 300_000);

test('of 20,000 mutated requests through the whole receiver none fails, has an effect unproven, or is printed', async () => {
  await fuzzReceiver(20_000);
}, 300_000);
