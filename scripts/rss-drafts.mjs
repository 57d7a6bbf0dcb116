#!/usr/bin/env node
// Plain JavaScript like need-node.mjs, because it must report the problem on a Node version that is too old.
import './need-node.mjs';

await import('../cli/main.ts');
