#!/usr/bin/env node
import module from 'node:module';

// Plain JavaScript in old syntax up to the check, because it must report the problem on a Node version that is too old.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `rss-drafts needs Node 24 or newer; this is Node ${process.versions.node}. Install it, for example with \`nvm install 24\`, then try again.\n`,
  );
  process.exit(1);
}

module.enableCompileCache(); // most of a command's start-up time is compilation
await import('../dist/app/installed.js');
