import type { Terminal } from './terminal.ts';

/** Reports progress. */
export type Tick = (state: string) => void;

const patienceMs = 1_000;
const everyMs = 200;

/** Runs a task; on a terminal, shows after a second what is being done and how far it is. */
export const withProgress = async <T>(
  { showProgress }: Pick<Terminal, 'showProgress'>,
  what: string,
  work: (tick: Tick) => Promise<T>,
): Promise<T> => {
  if (!showProgress) return work(() => {});
  let state = '';
  let shown = false;
  const show = () => {
    shown = true;
    showProgress(`${what} … ${state}`);
  };
  let repeating: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    show();
    repeating = setInterval(show, everyMs);
  }, patienceMs);
  try {
    return await work((now) => {
      state = now;
    });
  } finally {
    clearTimeout(first);
    clearInterval(repeating);
    if (shown) showProgress('');
  }
};
