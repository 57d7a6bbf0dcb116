import { SNSClient } from '@aws-sdk/client-sns';
import { snsSendMail } from '../adapters/aws/send-mail.ts';
import { postJson } from '../adapters/post-json.ts';
import {
  type Bulletin,
  mailMessage,
  slackMessage,
  teamsMessage,
  webhookMessage,
} from '../core/alerts/alert-messages.ts';
import type { Notice } from '../core/alerts/format-alert.ts';
import type { AlertsConfig, Channel, ChannelKind } from '../core/config/config.ts';
import { misconfigured } from '../core/errors.ts';
import type { Report } from '../core/events.ts';
import { once } from '../core/once.ts';
import { toType, type Where } from '../core/operator/cli-hints.ts';
import type { SecretByName, SendMail } from '../core/ports.ts';
import { clientTimeouts } from './aws-client-config.ts';
import { userAgent } from './user-agent.ts';

const snsClient = once(() => new SNSClient(clientTimeouts));

type Send = (notices: Notice[]) => Promise<void>;

const messages: Record<ChannelKind, (bulletin: Bulletin) => unknown> = {
  slack: slackMessage,
  teams: teamsMessage,
  webhook: webhookMessage,
};

/** Read again for each notification, which is rare, so that a corrected address is used at once. */
const addressOf = async (secret: SecretByName, name: string, where: Where): Promise<string> => {
  const url = await secret(name, 0);
  if (url !== null) return url;
  throw misconfigured(
    'alert.no-address',
    `No secret ${name} is stored. Store the address that alerts go to: ${toType(`secret set ${name}`, where)}`,
  );
};

/** The function's log, which is the terminal in a local run. */
const toLog =
  (report: Report): Send =>
  async (notices) => {
    for (const { id, kind, state, text, command } of notices)
      report({ event: 'alert.sent', alert: id, kind, state, text, command });
  };

const toMail =
  (send: SendMail, from: string): Send =>
  (notices) =>
    send(mailMessage({ from, notices }));

type Given = {
  report: Report;
  secret: SecretByName;
  /** The topic for emails; null: there is none, and no email is sent. */
  topicArn: string | null;
  from: string;
  /** The target that suggested commands name. */
  where: Where;
};

/** The channels for alerts: the log, and those in `alerts:` of feeds.yml. */
export const alertChannels = (
  alerts: AlertsConfig | undefined,
  { report, secret, topicArn, from, where }: Given,
): Record<string, Send> => {
  const post = postJson({ userAgent, allowPrivate: alerts?.allowPrivate ?? false });
  const sendersFor = (channel: Channel): Send[] => {
    if (channel.kind === 'email')
      return topicArn === null ? [] : [toMail(snsSendMail({ client: snsClient(), topicArn }), from)];
    const { kind, secret: name } = channel;
    return [
      async (notices) =>
        post({ name, url: await addressOf(secret, name, where) }, messages[kind]({ from, notices })),
    ];
  };
  const named = (alerts?.channels ?? []).flatMap((channel) =>
    sendersFor(channel).map((say) => [channel.kind, say] as const),
  );
  return { log: toLog(report), ...Object.fromEntries(named) };
};
