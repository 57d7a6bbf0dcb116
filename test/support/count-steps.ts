import { Session } from 'node:inspector/promises';

/** Our own code, and the parsers that it hands a document to. */
const COUNTED = /\/lib\/|\/node_modules\/(?:htmlparser2|rss-parser|xml2js|sax|entities)\//;

export type StepCounter = { count: (work: () => Promise<unknown>) => Promise<number>; stop: () => void };

/**
 * Counts the steps that work takes: how often the runtime enters a block of our own code or of a parser beneath it, as
 * its coverage has them. The same for the same input on any machine, however busy; what is native counts as one. What
 * was compiled before is compiled again, so that it counts: one counter serves all tests of a file.
 */
export const startCounting = async (): Promise<StepCounter> => {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const take = async (): Promise<number> => {
    const { result } = await session.post('Profiler.takePreciseCoverage');
    return result
      .filter(({ url }) => COUNTED.test(url))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)))
      .reduce((sum, count) => sum + count, 0);
  };
  return {
    count: async (work) => {
      await take(); // begins again at zero
      await work();
      return take();
    },
    stop: () => session.disconnect(),
  };
};
