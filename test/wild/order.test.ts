import { order } from './behaviours/order.ts';
import { proveWild } from './prove-wild.ts';

proveWild(order, 'test', 60_000);
