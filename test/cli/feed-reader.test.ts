import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, it } from 'vitest';
import { feedReader } from '../../cli/view.ts';
import { type LocalPublisher, localPublisher } from '../support/local-publisher.ts';

let site: LocalPublisher | undefined;
afterEach(() => site?.[Symbol.asyncDispose]());

const behindALogin = async () => {
  site = await localPublisher((request, response) => {
    const isKnown = request.headers.authorization === `Basic ${Buffer.from('u:p').toString('base64')}`;
    response.writeHead(isKnown ? 200 : 401).end('<rss/>');
  });
  return {
    ...{ url: `${site.origin}/feed`, validators: null, allowPrivate: true, deadlineMs: 5_000 },
    login: { headers: {}, basic: 'news' },
  };
};

describe('reading a feed behind a login', () => {
  it('uses the target’s login', async () => {
    const client = { send: async () => ({ SecretString: '{"news":"u:p"}' }) };
    const vault = {
      client: client as unknown as SecretsManagerClient,
      dashSecretId: 'dash',
      inboundSecretId: 'inbound',
      consoleSecretId: null,
    };

    const answer = await feedReader({ clock: Date.now, vault }).fetchFeed(await behindALogin());

    expect(answer).toMatchObject({ kind: 'document' });
  });

  it('explains where the login is when nothing is running', async () => {
    const asked = feedReader({ clock: Date.now }).fetchFeed(await behindALogin());

    await expect(asked).rejects.toMatchObject({
      code: 'feed.login',
      message: expect.stringMatching(/the secret news, .* npm start is running\. For a stage, add --stage/),
    });
  });
});
