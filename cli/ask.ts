import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** The streams of a dialog with the user. */
type Seat = { input: NodeJS.ReadableStream; output: NodeJS.WritableStream };

const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });

/** Asks for one line; null for Ctrl-D. `hidden`: the input is not shown. Ctrl-C ends the process as usual. */
export const askLine = async (
  { input, output }: Seat,
  question: string,
  { hidden = false } = {},
): Promise<string | null> => {
  if (hidden) output.write(question);
  // Treated as a terminal in any case, because otherwise the terminal itself would echo the input.
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
