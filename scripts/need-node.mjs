import module from 'node:module';

// Plain JavaScript on purpose: it must run, and say what is wrong, under the Node that is too old for the rest.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `This needs Node 24 or newer; this is Node ${process.versions.node}. On Linux x64 \`npm ci\` brings one by itself (without --omit=optional); elsewhere install Node 24, for example with \`nvm install 24\`.\n`,
  );
  process.exit(1);
}

module.enableCompileCache(); // a command line spends most of its time on compiling the same files
