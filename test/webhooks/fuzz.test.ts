import { test } from 'vitest';
import { fuzzDeliveries } from './fuzz.ts';
import { fuzzReceiver } from './fuzz-receiver.ts';

test('of mutated requests to all sources none gets in unproven, and none fails in an unknown way', async () => {
  await fuzzDeliveries(600);
});

test('of mutated requests through the whole receiver none fails, has an effect unproven, or is printed', async () => {
  await fuzzReceiver(400);
});
