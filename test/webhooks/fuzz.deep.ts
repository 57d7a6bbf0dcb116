import { test } from 'vitest';
import { fuzzDeliveries } from './fuzz.ts';
import { fuzzReceiver } from './fuzz-receiver.ts';

test('of 20,000 mutated requests, none passes without a valid signature or fails with an unknown error', async () => {
  await fuzzDeliveries(20_000);
}, 300_000);

test('of 20,000 mutated requests to the whole receiver, none fails, is logged, or has an effect without a valid signature', async () => {
  await fuzzReceiver(20_000);
}, 300_000);
