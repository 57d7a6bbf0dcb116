import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { askLine } from '../../cli/ask.ts';

const seat = () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let shown = '';
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  return { input, output, shown: () => shown };
};

it('shows nothing of hidden input', async () => {
  const { input, output, shown } = seat();

  const asked = askLine({ input, output }, 'The value: ', { hidden: true });
  input.write('hush, "quoted" ✓\r\n');

  expect(await asked).toBe('hush, "quoted" ✓');
  expect(shown()).toBe('The value: \n');
});

it('reads one line', async () => {
  const { input, output, shown } = seat();

  const asked = askLine({ input, output }, 'Sure? ');
  input.write('y\nmore\n');

  expect(await asked).toBe('y');
  expect(shown()).toBe('Sure? ');
});

it.each([false, true])('returns null on Ctrl-D, hidden: %s', async (hidden) => {
  const { input, output } = seat();

  const asked = askLine({ input, output }, 'The value: ', { hidden });
  input.end();

  expect(await asked).toBeNull();
});
