import type { Config } from '../lib/core/config/config.ts';

/** Where the alerts of feeds.yml go in a local run, which has no SNS; null: there are none. */
export const alertsHere = ({ alerts }: Pick<Config, 'alerts'>, secretsFile: string): string | null => {
  if (!alerts) return null;
  const names = alerts.channels.flatMap((channel) => ('secret' in channel ? [channel.secret] : []));
  const mailed = alerts.channels.some(({ kind }) => kind === 'email');
  return [
    'shown here',
    ...(names.length > 0 ? [`sent to ${names.join(', ')} (addresses in ${secretsFile})`] : []),
    ...(mailed ? ['email works only once deployed'] : []),
  ].join('; ');
};
