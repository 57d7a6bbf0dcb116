import { mixed } from './behaviours/mixed.ts';
import { proveWild } from './prove-wild.ts';

proveWild(mixed, 'test', 60_000);
