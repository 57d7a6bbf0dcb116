/** npm hands a Ctrl-C on although the terminal has sent it already: what comes within this time is the same one. */
const sameMs = 1000;

/** How often to look whether npm is still there: it passes signals on to its shell only, which dies of them. */
const lookMs = 250;

/**
 * Aborts when the process is asked to end: by Ctrl-C or SIGTERM, or because the terminal, the reader of its output
 * or the npm that started it has gone. Asked again it ends at once, with what is at work left as after a crash.
 */
export function quitSignal(): AbortSignal {
  const quit = new AbortController();
  const ask = onSignals(() => quit.abort());
  process.stdout.on('error', ask); // EPIPE: `npm start | head`
  if (process.env.npm_lifecycle_event) whenOrphaned(ask);
  return quit.signal;
}

/**
 * Acts when the process is asked to end by Ctrl-C, SIGTERM or a terminal that has gone; asked again later than npm
 * would, it ends at once. Answers what asks so without a signal.
 */
export function onSignals(act: () => void): () => void {
  let askedAt: number | null = null;
  const ask = () => {
    if (askedAt !== null && performance.now() - askedAt > sameMs) process.exit(130);
    askedAt ??= performance.now();
    act();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, ask);
  return ask;
}

function whenOrphaned(act: () => void): void {
  const parent = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    act();
  }, lookMs).unref();
}
