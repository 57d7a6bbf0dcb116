import { test } from 'vitest';
import { fuzzDeliveries } from './fuzz.ts';
import { fuzzReceiver } from './fuzz-receiver.ts';

test('of mutated requests to all sources, none passes without a valid signature or fails with an unknown error', async () => {
  await fuzzDeliveries(600);
});

test('of mutated requests to the whole receiver, none fails, is logged, or has an effect without a valid signature', async () => {
  await fuzzReceiver(400);
});
