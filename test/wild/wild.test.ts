import { proveWild } from './prove-wild.ts';

proveWild('test', 60_000);
