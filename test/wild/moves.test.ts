import { moves } from './behaviours/moves.ts';
import { proveWild } from './prove-wild.ts';

proveWild(moves, 'test', 60_000);
