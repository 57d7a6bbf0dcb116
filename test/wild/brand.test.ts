import { brand } from './behaviours/brand.ts';
import { proveWild } from './prove-wild.ts';

proveWild(brand, 'test', 60_000);
