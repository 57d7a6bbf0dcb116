#!/usr/bin/env node
// Plain JavaScript, as need-node.mjs is: it must say what is wrong under a Node that cannot run the rest.
import './need-node.mjs';

await import('../cli/main.ts');
