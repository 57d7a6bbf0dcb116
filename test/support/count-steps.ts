import { Session } from 'node:inspector/promises';

/** Our own code, and the parsers it passes documents to. */
const COUNTED = /\/lib\/|\/node_modules\/(?:htmlparser2|rss-parser|xml2js|sax|entities)\//;

export type StepCounter = { count: (work: () => Promise<unknown>) => Promise<number>; stop: () => void };

/**
 * Counts the steps of some work: how often the runtime enters a block of our code or of a parser, according to its
 * coverage. The result is the same on any machine; native code counts as one step. Code compiled before is compiled
 * again, so use one counter per test file.
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
      await take(); // resets the counts
      await work();
      return take();
    },
    stop: () => session.disconnect(),
  };
};
