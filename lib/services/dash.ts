import { dashRequests } from '../adapters/dash-requests.ts';
import { dashSocial } from '../adapters/dash-social.ts';
import { secretToken } from '../adapters/token.ts';
import type { DashSocial, TokenSource } from '../core/ports.ts';
import { clientTimeoutMs } from '../core/timing.ts';
import { secretsClient } from './aws-clients.ts';
import { userAgent } from './user-agent.ts';

type Settings = { dashSecretId: string; dashUrl: string | undefined };

/** A rotated token is used at the latest after this long, or at once when the old one is refused. */
const tokenLifetimeMs = 5 * 60_000;

/** Dash Social, with the token that lies in Secrets Manager. */
export const dashWithToken = ({
  dashSecretId,
  dashUrl,
}: Settings): { dash: DashSocial; token: TokenSource } => {
  const clock = Date.now;
  const token = secretToken({
    client: secretsClient(),
    secretId: dashSecretId,
    clock,
    lifetimeMs: tokenLifetimeMs,
  });
  const send = dashRequests({ clock, userAgent, answerTimeoutMs: clientTimeoutMs });
  return {
    token,
    dash: dashSocial({ send, token, clock, ...(dashUrl !== undefined && { baseUrl: dashUrl }) }),
  };
};
