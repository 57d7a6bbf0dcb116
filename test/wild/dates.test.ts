import { dates } from './behaviours/dates.ts';
import { proveWild } from './prove-wild.ts';

proveWild(dates, 'test', 60_000);
