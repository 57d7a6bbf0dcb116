import { edits } from './behaviours/edits.ts';
import { proveWild } from './prove-wild.ts';

proveWild(edits, 'test', 60_000);
