import { describe, expect, it } from 'vitest';
import {
  mailMessage,
  slackMessage,
  teamsMessage,
  webhookMessage,
} from '../../../lib/core/alerts/alert-messages.ts';
import type { Notice } from '../../../lib/core/alerts/format-alert.ts';

const aNotice = (given: Partial<Notice> = {}): Notice => ({
  id: 'feed-failing/newsroom',
  kind: 'feed-failing',
  state: 'began',
  subject: 'newsroom',
  since: Date.UTC(2026, 10, 28),
  endedAt: null,
  count: null,
  text: 'Feed newsroom cannot be read. Since 28 Nov 2026.',
  command: 'npm run -s cli -- status',
  page: null,
  link: null,
  ...given,
});
const bulletin = (...notices: Notice[]) => ({ from: 'rss-drafts prod', notices });

describe('a Slack message', () => {
  it('is one text', () => {
    expect(
      slackMessage(bulletin(aNotice(), aNotice({ text: 'Two.', link: 'https://www.example.com/' }))),
    ).toEqual({
      text: `rss-drafts prod
feed-failing: Feed newsroom cannot be read. Since 28 Nov 2026.
More: npm run -s cli -- status

feed-failing: Two.
https://www.example.com/
More: npm run -s cli -- status`,
      mrkdwn: false,
    });
  });

  it("escapes links and mentions in a feed's text", () => {
    const { text } = slackMessage(
      bulletin(aNotice({ text: '<!channel> <https://evil.example|bank> & co' })),
    ) as {
      text: string;
    };

    expect(text).toContain('&lt;!channel&gt; &lt;https://evil.example|bank&gt; &amp; co');
    expect(text).not.toMatch(/[<>]/);
  });

  it('contains at most twenty alerts and the number of others', () => {
    const { text } = slackMessage(bulletin(...Array.from({ length: 23 }, () => aNotice()))) as {
      text: string;
    };

    expect(text.match(/cannot be read/g)).toHaveLength(20);
    expect(text).toMatch(/… and 3 more$/);
  });
});

describe('a Teams message', () => {
  it('is a card whose texts are not read as Markdown', () => {
    const message = teamsMessage(
      bulletin(aNotice({ text: '[bank](https://evil.example)', link: 'https://www.example.com/' })),
    );

    expect(message).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            type: 'AdaptiveCard',
            body: [
              { inlines: [{ text: 'rss-drafts prod' }] },
              { inlines: [{ text: 'feed-failing: [bank](https://evil.example)' }] },
              { inlines: [{ selectAction: { type: 'Action.OpenUrl', url: 'https://www.example.com/' } }] },
              { inlines: [{ text: 'More: ' }, { text: 'npm run -s cli -- status' }] },
            ],
          },
        },
      ],
    });
    expect(JSON.stringify(message)).not.toContain('"TextBlock"');
  });
});

describe('a webhook message', () => {
  it('contains every alert as fields and as text', () => {
    expect(webhookMessage(bulletin(aNotice({ endedAt: Date.UTC(2026, 10, 29), state: 'over' })))).toEqual({
      from: 'rss-drafts prod',
      alerts: [
        {
          id: 'feed-failing/newsroom',
          kind: 'feed-failing',
          state: 'over',
          subject: 'newsroom',
          since: '2026-11-28T00:00:00.000Z',
          endedAt: '2026-11-29T00:00:00.000Z',
          count: null,
          text: 'Feed newsroom cannot be read. Since 28 Nov 2026.',
          command: 'npm run -s cli -- status',
          page: null,
          link: null,
        },
      ],
    });
  });
});

describe('a mail', () => {
  it.each([
    [[aNotice({ text: 'The feed.' })], 'rss-drafts prod: The feed.'],
    [[aNotice({ text: 'One.' }), aNotice(), aNotice()], 'rss-drafts prod: One. (and 2 more)'],
    [
      [aNotice({ text: '“Brücke” – à la carte… 🌉\nBcc: x' })],
      'rss-drafts prod: "Brucke" - a la carte... ??Bcc: x',
    ],
  ])('has a subject that SNS accepts', (notices, subject) => {
    expect(mailMessage(bulletin(...notices)).subject).toBe(subject);
  });

  it('has a subject of at most 100 characters', () => {
    const { subject } = mailMessage(bulletin(aNotice({ text: 'x'.repeat(500) }), aNotice()));

    expect(subject).toHaveLength(100);
    expect(subject).toMatch(/x\.\.\. \(and 1 more\)$/);
  });
});

describe('with a console', () => {
  const page = 'https://drafts.example.com/feeds/newsroom';
  const bulletin = { from: 'rss-drafts prod', notices: [aNotice({ page })] };

  it('each message has the link to its page in place of the command', () => {
    for (const message of [slackMessage(bulletin), teamsMessage(bulletin), mailMessage(bulletin)]) {
      expect(JSON.stringify(message)).toContain(page);
      expect(JSON.stringify(message)).not.toContain('npm run');
    }
    expect(webhookMessage(bulletin)).toMatchObject({ alerts: [{ page }] });
  });
});
