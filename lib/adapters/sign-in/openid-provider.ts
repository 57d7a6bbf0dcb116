import * as client from 'openid-client';
import { challengeOf, consoleSecretNames, type OpenProvider } from '../../core/access/sign-in.ts';
import type { OidcConfig } from '../../core/config/config.ts';
import { type AppError, misconfigured, permanent, retryable } from '../../core/errors.ts';

/** A sign-in needs two or three requests to the provider, and a page is answered within seconds. */
const timeoutS = 5;

/** The code of an OAuth error (RFC 6749, section 5.2); empty without one. */
const codeIn = (error: unknown): string => {
  if (error instanceof client.WWWAuthenticateChallengeError) return 'invalid_client';
  const { error: code } = error as { error?: unknown };
  return typeof code === 'string' && /^[a-z_]{1,40}$/.test(code) ? code : '';
};

const rejectsClient = ['invalid_client', 'unauthorized_client'];

/** Nothing answered in time, or only with a 5xx. */
const isUnreachable = (error: unknown): boolean => {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (cause instanceof Response) return cause.status >= 500;
  return code === 'OAUTH_TIMEOUT' || (error instanceof TypeError && cause !== undefined);
};

const unreachable = (issuer: string, cause: unknown) =>
  retryable('sign-in.unreachable', `${issuer} cannot be reached. Try again in a minute.`, { cause });

/** Without the library's messages, which may repeat what a visitor sent. */
const signInError = (issuer: string, cause: unknown): AppError => {
  if (isUnreachable(cause)) return unreachable(issuer, cause);
  const code = codeIn(cause);
  if (rejectsClient.includes(code))
    return misconfigured(
      'sign-in.wrong-client',
      `${issuer} does not accept the console (${code}): check client_id in feeds.yml and the secret ${consoleSecretNames.client}.`,
      { cause },
    );
  return permanent(
    'sign-in.refused',
    code === ''
      ? 'The sign-in does not belong to this browser, or is not valid.'
      : `${issuer} ended the sign-in (${code}).`,
    { cause },
  );
};

const noProvider = (issuer: string, cause?: unknown) =>
  misconfigured(
    'sign-in.no-provider',
    `${issuer} is not the name of an OpenID provider: compare issuer in feeds.yml with the field issuer of ${issuer.replace(/\/$/, '')}/.well-known/openid-configuration.`,
    { cause },
  );

const describe = async ({ issuer, clientId }: OidcConfig, secret: string): Promise<client.Configuration> => {
  const isHere = issuer.startsWith('http://'); // the configuration admits it on loopback only
  try {
    // Basic, which every provider has to accept (RFC 6749, section 2.3.1).
    return await client.discovery(new URL(issuer), clientId, secret, client.ClientSecretBasic(secret), {
      timeout: timeoutS,
      execute: [client.enableNonRepudiationChecks, ...(isHere ? [client.allowInsecureRequests] : [])],
    });
  } catch (error) {
    throw isUnreachable(error) ? unreachable(issuer, error) : noProvider(issuer, error);
  }
};

/** The provider's description, if it bears exactly the configured name. */
const discover = async (oidc: OidcConfig, secret: string): Promise<client.Configuration> => {
  const found = await describe(oidc, secret);
  if (found.serverMetadata().issuer !== oidc.issuer) throw noProvider(oidc.issuer);
  return found;
};

/**
 * The OpenID provider of feeds.yml: authorization code with PKCE, state and nonce. Its description is requested on the
 * first sign-in and kept; a failure is not.
 */
export const openidProvider =
  (oidc: OidcConfig): OpenProvider =>
  ({ secret, redirectUri }) => {
    let found: Promise<client.Configuration> | null = null;
    const configuration = () => {
      found ??= discover(oidc, secret).catch((error: unknown) => {
        found = null;
        throw error;
      });
      return found;
    };
    return {
      authorize: async (attempt) =>
        client.buildAuthorizationUrl(await configuration(), {
          redirect_uri: redirectUri,
          scope: oidc.scope,
          state: attempt.state,
          nonce: attempt.nonce,
          code_challenge: challengeOf(attempt),
          code_challenge_method: 'S256',
        }),
      claims: async (cameBack, { state, nonce, verifier }) => {
        const config = await configuration();
        try {
          const tokens = await client.authorizationCodeGrant(config, cameBack, {
            expectedState: state,
            expectedNonce: nonce,
            pkceCodeVerifier: verifier,
            idTokenExpected: true,
          });
          return tokens.claims() ?? {};
        } catch (error) {
          throw signInError(oidc.issuer, error);
        }
      },
    };
  };
