import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretToken } from '../adapters/aws/token.ts';
import { dashDrafts, noDrafts } from '../adapters/dash-social/dash-drafts.ts';
import { dashRecentPosts, noRecentPosts } from '../adapters/dash-social/dash-recent-posts.ts';
import { dashRequests } from '../adapters/dash-social/dash-requests.ts';
import { dashSocial } from '../adapters/dash-social/dash-social.ts';
import type { Config, Deliver } from '../core/config/config.ts';
import { noDelivery } from '../core/dash/no-delivery.ts';
import { clientTimeoutMs } from '../core/dash/timing.ts';
import type { Report } from '../core/events.ts';
import { once } from '../core/once.ts';
import type { DashDrafts, DashSocial, ListRecentPosts, TokenSource } from '../core/ports.ts';
import { clientTimeouts } from './aws-client-config.ts';
import { userAgent } from './user-agent.ts';

const secretsClient = once(() => new SecretsManagerClient(clientTimeouts));

type Settings = { dashSecretId: string; dashUrl: string | undefined };

/** A rotated token is used after this time at the latest, or at once when the old one is refused. */
const tokenLifetimeMs = 5 * 60_000;

/** The clients of Dash Social, with the token from Secrets Manager. */
type Connected = {
  dash: DashSocial;
  token: TokenSource;
  listRecentPosts: ListRecentPosts;
  drafts: DashDrafts;
};

/** Creates the clients of Dash Social; sends no request yet. */
const dashWithToken = (
  { dashSecretId, dashUrl }: Settings,
  { lookUp }: Config['dash'],
  report: Report,
): Connected => {
  const clock = Date.now;
  const token = secretToken({
    client: secretsClient(),
    secretId: dashSecretId,
    clock,
    lifetimeMs: tokenLifetimeMs,
    onKept: ({ code, message }) => report({ event: 'token.kept', code, message }),
  });
  const send = dashRequests({ clock, userAgent, responseTimeoutMs: clientTimeoutMs });
  const options = { send, token, clock, ...(dashUrl !== undefined && { baseUrl: dashUrl }) };
  return {
    token,
    dash: dashSocial({ ...options, mayList: lookUp }),
    listRecentPosts: dashRecentPosts(options),
    drafts: dashDrafts(options),
  };
};

/**
 * Dash Social, or, on a stage with deliver: none, a replacement that withholds every post and needs no token, which is
 * null then.
 */
export const dashAtStage = (settings: Settings, config: Config & { deliver: Deliver }, report: Report) => {
  const { dash, token, listRecentPosts, drafts } = dashWithToken(settings, config.dash, report);
  if (config.deliver === 'none')
    return {
      dash: noDelivery,
      token: null,
      readyToken: async () => {},
      listRecentPosts: noRecentPosts,
      drafts: noDrafts,
    };
  return { dash, token, readyToken: async () => void (await token.current()), listRecentPosts, drafts };
};
