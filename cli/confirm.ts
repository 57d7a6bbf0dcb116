import { type VerbInput, wrongUsage } from './verb.ts';

/** `lines`: shown before the question. `summary`: for the refusal without a terminal. */
type About = { lines: string[]; question: string; summary: string };

/** Asks the user, after listing everything; throws `cli.needs-yes` without a terminal. */
export const confirmed = async (
  { options, terminal }: Pick<VerbInput<{ yes?: boolean }>, 'options' | 'terminal'>,
  { lines, question, summary }: About,
): Promise<boolean> => {
  if (options.yes) return true;
  const needsYes = () =>
    wrongUsage('needs-yes', `${summary}: list them with --dry-run, or confirm with --yes.`);
  if (options.json) throw needsYes();
  terminal.writeError(`${lines.join('\n')}\n`);
  const answer = await terminal.ask(`${question} [y/N] `);
  if (answer === null) throw needsYes();
  return /^y(es)?$/i.test(answer.trim());
};
