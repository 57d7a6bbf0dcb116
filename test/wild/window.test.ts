import { window } from './behaviours/window.ts';
import { proveWild } from './prove-wild.ts';

proveWild(window, 'test', 60_000);
