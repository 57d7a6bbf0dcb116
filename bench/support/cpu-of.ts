import { readdirSync, readFileSync } from 'node:fs';

/**
 * The CPU time in milliseconds used so far by all threads of a process, as counted by Linux
 * (https://docs.kernel.org/scheduler/sched-stats.html); null elsewhere. Other load on the machine adds little to it.
 */
export const cpuOf = (pid: number): number | null => {
  try {
    const tasks = `/proc/${pid}/task`;
    const ns = readdirSync(tasks).map((task) =>
      Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]),
    );
    return ns.reduce((sum, one) => sum + one, 0) / 1e6;
  } catch {
    return null;
  }
};
