import type { ConsoleConfig, OidcConfig, People } from '../../lib/core/config/config.ts';

export const nobody: People = { groups: [], subjects: [], emails: [], domains: [] };

type Given = {
  publicUrl?: string | null;
  oidc?: Partial<OidcConfig>;
  allow?: Partial<People>;
  roles?: Partial<ConsoleConfig['roles']>;
};

/** A console with sign-in that, unless said otherwise, admits nobody. */
export const consoleConfigOf = ({ publicUrl = null, oidc, allow, roles }: Given = {}): ConsoleConfig => ({
  publicUrl,
  oidc: {
    issuer: 'https://id.example.com',
    clientId: 'console',
    scope: 'openid email profile',
    groupsClaim: 'groups',
    ...oidc,
  },
  allow: { ...nobody, ...allow },
  roles: { editor: nobody, operator: nobody, ...roles },
});
