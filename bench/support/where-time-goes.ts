import { Session } from 'node:inspector/promises';

/** A part of the work with its share of the time: 0.25 is a quarter. */
export type Part = { name: string; share: number };

type Profile = Awaited<ReturnType<typeof profiled>>;
type Node = Profile['nodes'][number];

const profiled = async (work: () => Promise<unknown>, forMs: number) => {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 200 });
    await session.post('Profiler.start');
    for (const since = performance.now(); performance.now() - since < forMs; ) await work();
    return (await session.post('Profiler.stop')).profile;
  } finally {
    session.disconnect();
  }
};

/** Time that belongs to no part itself (patterns, built-ins, a shared library) is attributed to the caller. */
const partOf = (node: Node, caller: string, parts: readonly (readonly [string, RegExp])[]): string => {
  const { functionName, url } = node.callFrame;
  if (functionName === '(garbage collector)') return 'garbage collection';
  return parts.find(([, files]) => files.test(url))?.[0] ?? caller;
};

const OTHER = 'everything else';

/** Repeats the work under V8's profiler and sums self time by part, identified by file; the largest first. */
export const whereTimeGoes = async (
  work: () => Promise<unknown>,
  forMs: number,
  parts: readonly (readonly [name: string, files: RegExp])[],
): Promise<Part[]> => {
  const { nodes, samples = [], timeDeltas = [] } = await profiled(work, forMs);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const partById = new Map<number, string>();
  const visit = (node: Node, caller: string): void => {
    const part = partOf(node, caller, parts);
    partById.set(node.id, part);
    for (const id of node.children ?? []) visit(byId.get(id) as Node, part);
  };
  visit(nodes[0] as Node, OTHER);

  const spent = new Map<string, number>();
  for (const [at, id] of samples.entries()) {
    if (byId.get(id)?.callFrame.functionName === '(idle)') continue;
    const part = partById.get(id) ?? OTHER;
    spent.set(part, (spent.get(part) ?? 0) + (timeDeltas[at] ?? 0));
  }
  const all = [...spent.values()].reduce((sum, one) => sum + one, 0);
  return [...spent].map(([name, one]) => ({ name, share: one / all })).sort((a, b) => b.share - a.share);
};
