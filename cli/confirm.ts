import { type VerbInput, wrongUsage } from './verb.ts';

/** What is about to be done: what it is done to, shown before the question, and how many that are, for the refusal. */
type About = { lines: string[]; question: string; meant: string };

/** Asks the person, having listed all first; where nobody can be asked, throws `cli.wants-yes`. */
export const confirmed = async (
  { options, terminal }: Pick<VerbInput<{ yes?: boolean }>, 'options' | 'terminal'>,
  { lines, question, meant }: About,
): Promise<boolean> => {
  if (options.yes) return true;
  const wantsYes = () => wrongUsage('wants-yes', `${meant}: --dry-run lists them, --yes does it`);
  if (options.json) throw wantsYes();
  terminal.writeError(`${lines.join('\n')}\n`);
  const said = await terminal.ask(`${question} [y/N] `);
  if (said === null) throw wantsYes();
  return /^y(es)?$/i.test(said.trim());
};
