import type { Problem } from '../lib/core/operator/problem.ts';
import { readHealth } from '../lib/jobs/operator/read-health.ts';
import type { ExamineContext } from './examine-target.ts';
import { examine, type Finding, failed, ok } from './finding.ts';
import { adviceText } from './format-circuit.ts';
import { hostText } from './format-host.ts';
import { problemsAt, problemText } from './format-problem.ts';
import type { Page } from './page.ts';

const findingOf = (page: Page, problem: Problem): Finding => {
  const { title, level } = problem;
  const [text, remedy] = [problemText(page, problem), adviceText(problem)];
  return level === 'task' ? ok(title, `${text} ${remedy}`) : failed(title, text, remedy);
};

/** Everything that needs attention, as shown by `status` and the console. */
export const examineHealth = ({ target, clock, page }: ExamineContext): Promise<Finding[]> =>
  examine('health', async () => {
    const status = await readHealth({ ...target, config: target.config(), clock }, { allFeeds: true });
    const problems = problemsAt(status, target);
    const hosts = status.hostBackOffs.map((backOff) => ok('host', hostText(page, backOff)));
    return problems.length === 0
      ? [...hosts, ok('health', 'nothing needs your attention')]
      : [...hosts, ...problems.map((problem) => findingOf(page, problem))];
  });
