import { repeats } from './behaviours/repeats.ts';
import { proveWild } from './prove-wild.ts';

proveWild(repeats, 'test', 60_000);
