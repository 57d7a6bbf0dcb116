import type { Hooks } from './fake-stores.ts';

/** A process under the scheduler, which runs one port call at a time. */
export type Process = (hooks: Hooks) => Promise<unknown>;

export type Scene = {
  processes: Process[];
  /** All state that survives a crash, as text; equal texts mean equal worlds. */
  world: () => string;
  /**
   * Whether the world is all that a process leaves behind, so that what an ended process has seen no longer matters.
   * False if processes share memory, or if `atRest` checks anything else.
   */
  selfContained?: boolean;
  /** Whether the processes are identical, so that they are interchangeable. */
  alike?: boolean;
  /** Called when no process can continue; throws when something is wrong. */
  atRest: () => void | Promise<void>;
};

type Explored = { runs: number; states: number };

type Choice = { process: number; crash: boolean };
type Running = {
  seen: string;
  status: 'waits' | 'ended' | 'crashed';
  go: () => void;
  failed: { error: unknown } | null;
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

const start = async (process: Process): Promise<Running> => {
  const running: Running = { seen: '', status: 'waits', go: () => {}, failed: null };
  const hooks: Hooks = {
    before: () => new Promise((resolve) => Object.assign(running, { go: resolve })),
    after: (name, args, response) => {
      running.seen += `${name}${JSON.stringify(args)}${JSON.stringify(response)}\n`;
    },
  };
  process(hooks).then(
    () => Object.assign(running, { status: 'ended' }),
    (error) => Object.assign(running, { status: 'ended', failed: { error } }),
  );
  await settled();
  return running;
};

const take = async (running: Running, { crash }: Choice) => {
  if (crash) running.status = 'crashed';
  else running.go();
  await settled();
};

/**
 * The possible next steps. A death affects no other process, so that only the process that took the last step may die
 * now: a process that could have died earlier did so in another path.
 */
const choicesOf = (
  running: Running[],
  { crashesLeft, last }: { crashesLeft: number; last?: Choice | undefined },
): Choice[] =>
  running.flatMap(({ status }, process) => {
    if (status !== 'waits') return [];
    const mayDie = crashesLeft > 0 && (last === undefined || last.process === process || last.crash);
    return [false, ...(mayDie ? [true] : [])].map((crash) => ({ process, crash }));
  });

/**
 * Explores every interleaving of the processes, and every point where up to `crashes` of them may die. A dead process
 * never continues; its last call may or may not have taken effect. States visited before are skipped. Errors of
 * processes are thrown.
 */
export const explore = async (
  scene: () => Scene | Promise<Scene>,
  { crashes = 0 }: { crashes?: number } = {},
): Promise<Explored> => {
  const visited = new Set<string>();
  const open: Choice[][] = [[]];
  let runs = 0;
  while (open.length > 0) {
    const path = open.pop() as Choice[];
    const { processes, world, atRest, selfContained = false, alike = false } = await scene();
    const textOf = ({ seen, status }: Running) =>
      selfContained && status !== 'waits' ? status : `${status} ${seen}`;
    const running: Running[] = [];
    for (const process of processes) running.push(await start(process));
    for (const choice of path) await take(running[choice.process] as Running, choice);
    runs += 1;
    for (;;) {
      for (const { failed } of running) if (failed) throw failed.error;
      const texts = running.map(textOf);
      const state = `${world()}\n${(alike ? texts.sort() : texts).join('\n--\n')}`;
      if (visited.has(state)) break;
      visited.add(state);
      const left = crashes - running.filter(({ status }) => status === 'crashed').length;
      const [first, ...others] = choicesOf(running, { crashesLeft: left, last: path.at(-1) });
      if (!first) {
        await atRest();
        break;
      }
      for (const other of others) open.push([...path, other]);
      path.push(first);
      await take(running[first.process] as Running, first);
    }
  }
  return { runs, states: visited.size };
};

/**
 * Explores `runs` random interleavings, for scenes too large to explore completely; a process dies at each step with
 * a probability of 3 %. Errors of processes are thrown.
 */
export const sample = async (
  scene: () => Scene | Promise<Scene>,
  { runs, random }: { runs: number; random: () => number },
): Promise<void> => {
  for (let run = 0; run < runs; run++) {
    const { processes, atRest } = await scene();
    const running: Running[] = [];
    for (const process of processes) running.push(await start(process));
    for (;;) {
      for (const { failed } of running) if (failed) throw failed.error;
      const choices = choicesOf(running, { crashesLeft: 0 });
      const choice = choices[Math.floor(random() * choices.length)];
      if (!choice) break;
      await take(running[choice.process] as Running, { ...choice, crash: random() < 0.03 });
    }
    await atRest();
  }
};
