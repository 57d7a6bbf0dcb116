import module from 'node:module';

// Plain JavaScript, because it must run and report the problem on a Node version that is too old for the rest.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `This needs Node 24 or newer; this is Node ${process.versions.node}. On Linux x64, \`npm ci\` installs it automatically (without --omit=optional); elsewhere install Node 24, for example with \`nvm install 24\`.\n`,
  );
  process.exit(1);
}

module.enableCompileCache(); // most of a command's start-up time is compilation
