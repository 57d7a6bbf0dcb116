import { proveWild } from './prove-wild.ts';

proveWild('deep', 3_600_000);
