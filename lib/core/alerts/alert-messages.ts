import type { Notice } from './format-alert.ts';

/** `from`: the sender's name, for example `rss-drafts-prod`. */
export type Bulletin = { from: string; notices: Notice[] };

/** Alerts beyond this number are only counted. */
const maxShown = 20;

const rest = ({ notices }: Bulletin): string | null =>
  notices.length > maxShown ? `… and ${notices.length - maxShown} more` : null;

/** Begins with the kind, under which docs/troubleshooting.md lists it. */
const textOf = ({ kind, text }: Notice): string => `${kind}: ${text}`;

/** Where more is shown: the console if there is one, or else a command. */
const moreOf = ({ page, command }: Notice): string | null => page ?? command;

const linesOf = (notice: Notice): string[] => [
  textOf(notice),
  ...(notice.link === null ? [] : [notice.link]),
  ...(moreOf(notice) === null ? [] : [`More: ${moreOf(notice)}`]),
];

const plainText = (bulletin: Bulletin): string => {
  const parts = bulletin.notices.slice(0, maxShown).map((notice) => linesOf(notice).join('\n'));
  const more = rest(bulletin);
  return [...parts, ...(more === null ? [] : [more])].join('\n\n');
};

/** Slack reads `<…>` as links and mentions; replacing these three characters prevents both. */
const slackText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** For an incoming webhook: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export const slackMessage = (bulletin: Bulletin): unknown => ({
  text: slackText(`${bulletin.from}\n${plainText(bulletin)}`),
  mrkdwn: false,
});

type Inline = Record<string, unknown>;

/** Runs of text, which are not read as Markdown. */
const rich = (inlines: Inline[]) => ({ type: 'RichTextBlock', inlines });
const run = (text: string, more: Inline = {}): Inline => ({ type: 'TextRun', text, ...more });

const openUrl = (url: string) => ({ selectAction: { type: 'Action.OpenUrl', url } });

const morePart = ({ page, command }: Notice) => {
  if (page !== null) return [rich([run('More: '), run(page, openUrl(page))])];
  return command === null ? [] : [rich([run('More: '), run(command, { fontType: 'Monospace' })])];
};

const cardPart = (notice: Notice) => [
  rich([run(textOf(notice))]),
  ...(notice.link === null ? [] : [rich([run(notice.link, openUrl(notice.link))])]),
  ...morePart(notice),
];

/**
 * For a workflow that "posts to a channel when a webhook request is received", which requires an Adaptive Card:
 * https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 */
export const teamsMessage = (bulletin: Bulletin): unknown => {
  const more = rest(bulletin);
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            rich([run(bulletin.from, { weight: 'Bolder' })]),
            ...bulletin.notices.slice(0, maxShown).flatMap(cardPart),
            ...(more === null ? [] : [rich([run(more)])]),
          ],
        },
      },
    ],
  };
};

const iso = (at: number) => new Date(at).toISOString();

/** For a program: each alert as fields and as text. */
export const webhookMessage = ({ from, notices }: Bulletin): unknown => ({
  from,
  alerts: notices.map(({ since, endedAt, ...notice }) => ({
    ...notice,
    since: iso(since),
    endedAt: endedAt === null ? null : iso(endedAt),
  })),
});

/**
 * SNS accepts a subject of at most 100 ASCII characters: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 * It documents no encoding for others (RFC 2047), so accents are dropped; the text of the mail keeps them.
 */
const subjectOf = ({ from, notices: [first, ...others] }: Bulletin): string => {
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  const text = `${from}: ${first?.text ?? ''}`
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[“”„]/g, '"')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/[–—]/g, '-')
    .replaceAll(/[^ -~]/gu, '?');
  return text.length + more.length > 100 ? `${text.slice(0, 97 - more.length)}...${more}` : `${text}${more}`;
};

/** A mail, as plain text. */
export const mailMessage = (bulletin: Bulletin): { subject: string; text: string } => ({
  subject: subjectOf(bulletin),
  text: `${plainText(bulletin)}\n`,
});
