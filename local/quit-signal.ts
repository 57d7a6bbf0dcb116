/** npm passes on a Ctrl-C that the terminal has sent already: signals within this time are the same one. */
const sameMs = 1000;

/** How often to check whether npm is alive: it passes signals only to its shell, which dies of them. */
const lookMs = 250;

/**
 * Aborts when the process is asked to end: by Ctrl-C or SIGTERM, or because the terminal, the reader of its output or
 * the npm that started it has gone. A second request ends it at once, leaving current work as after a crash.
 */
export function quitSignal(): AbortSignal {
  const quit = new AbortController();
  const requestQuit = onSignals(() => quit.abort());
  process.stdout.on('error', requestQuit); // EPIPE: `npm start | head`
  if (process.env.npm_lifecycle_event) whenOrphaned(requestQuit);
  return quit.signal;
}

/**
 * Calls `act` when the process is asked to end by Ctrl-C, SIGTERM or a closed terminal; a later second request ends it
 * at once. Returns a function that requests the end without a signal.
 */
export function onSignals(act: () => void): () => void {
  let askedAt: number | null = null;
  const requestQuit = () => {
    if (askedAt !== null && performance.now() - askedAt > sameMs) process.exit(130);
    askedAt ??= performance.now();
    act();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, requestQuit);
  return requestQuit;
}

function whenOrphaned(act: () => void): void {
  const parent = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    act();
  }, lookMs).unref();
}
