import type { Config } from '../lib/core/config.ts';

/** What a person should know of `alerts:` on this machine, where there is no SNS; null: nothing. */
export const alertsHere = ({ alerts }: Pick<Config, 'alerts'>, secretsFile: string): string | null => {
  if (!alerts) return null;
  const names = alerts.channels.flatMap((channel) => ('secret' in channel ? [channel.secret] : []));
  const mailed = alerts.channels.some(({ kind }) => kind === 'email');
  const told = [
    ...(names.length > 0
      ? [`alerts   are shown here and go to the addresses under ${names.join(', ')} in ${secretsFile}`]
      : ['alerts   are shown here']),
    ...(mailed ? ['         not by e-mail: SNS sends those, once this is deployed'] : []),
  ];
  return told.map((line) => `  ${line}`).join('\n');
};
