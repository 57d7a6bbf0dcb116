/** npm hands a Ctrl-C on although the terminal has sent it already: what comes within this time is the same one. */
const sameMs = 1000;

/**
 * Aborts when the process is asked to end: Ctrl-C, SIGTERM, a closed terminal, a reader that has gone. Asked again
 * the process ends at once, with what is at work left as a crash would leave it.
 */
export function quitSignal(): AbortSignal {
  const quit = new AbortController();
  let askedAt: number | null = null;
  const ask = () => {
    if (askedAt !== null && performance.now() - askedAt > sameMs) process.exit(130);
    askedAt ??= performance.now();
    quit.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, ask);
  process.stdout.on('error', ask); // EPIPE: `npm start | head`
  return quit.signal;
}
