import { plain } from './behaviours/plain.ts';
import { proveWild } from './prove-wild.ts';

proveWild(plain, 'test', 60_000);
