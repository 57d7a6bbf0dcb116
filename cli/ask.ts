import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Where a person types and reads. */
type Seat = { input: NodeJS.ReadableStream; output: NodeJS.WritableStream };

const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });

/** Asks one line; null for Ctrl-D. `hidden`: what is typed shows nowhere. Ctrl-C ends the process, as it does elsewhere. */
export const askLine = async (
  { input, output }: Seat,
  question: string,
  { hidden = false } = {},
): Promise<string | null> => {
  if (hidden) output.write(question);
  // As a terminal even where none is: else the terminal itself would show what is typed.
  const lines = createInterface({
    input,
    output: hidden ? nowhere() : output,
    ...(hidden && { terminal: true }),
  });
  lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const closed = once(lines, 'close').then(() => null);
    return await Promise.race([lines.question(hidden ? '' : question), closed]);
  } finally {
    lines.close();
    if (hidden) output.write('\n');
  }
};
