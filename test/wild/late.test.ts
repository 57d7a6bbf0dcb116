import { late } from './behaviours/late.ts';
import { proveWild } from './prove-wild.ts';

proveWild(late, 'test', 60_000);
