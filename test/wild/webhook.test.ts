import { webhook } from './behaviours/webhook.ts';
import { proveWild } from './prove-wild.ts';

proveWild(webhook, 'test', 60_000);
