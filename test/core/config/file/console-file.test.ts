import { describe, expect, it } from 'vitest';
import { type ConfigFault, readConfig } from '../../../../lib/config.ts';
import { atStage } from '../../../../lib/core/config/stages.ts';
import type { AppError } from '../../../../lib/core/errors.ts';
import { nobody } from '../../../support/console-config.ts';

const read = (console: string) => readConfig(`feeds: {}\nconsole: ${console}\n`, 'feeds.yml');

const faults = (console: string): string[] => {
  try {
    read(console);
    return [];
  } catch (error) {
    const found = (error as AppError).details.faults as ConfigFault[];
    return found.map(({ path, message }) => `${path} ${message}`);
  }
};

const oidc = 'oidc: { issuer: "https://accounts.google.com", client_id: abc.apps.googleusercontent.com }';
const allow = 'allow: { domains: [Example.com] }';

describe('console:', () => {
  it('is off by default', () => {
    expect(readConfig('feeds: {}\n', 'feeds.yml').console).toBeUndefined();
  });

  it('needs a provider and who may enter', () => {
    expect(read(`{ ${oidc}, ${allow} }`).console).toEqual({
      publicUrl: null,
      oidc: {
        issuer: 'https://accounts.google.com',
        clientId: 'abc.apps.googleusercontent.com',
        scope: 'openid email profile',
        groupsClaim: 'groups',
      },
      allow: { ...nobody, domains: ['example.com'] },
      roles: { editor: nobody, operator: nobody },
    });
    expect(faults('{}')).toEqual(['console.oidc (and 1 more) is missing: give it a value']);
  });

  it('takes roles, an address and the name of the claim', () => {
    const { console } = read(
      `{ public_url: "https://drafts.example.com/", oidc: { issuer: "https://id.example.com", client_id: a, groups_claim: roles, scope: openid groups }, ${allow}, roles: { editor: { groups: [social] }, operator: { emails: [Ada@Example.com] } } }`,
    );

    expect(console).toMatchObject({
      publicUrl: 'https://drafts.example.com',
      oidc: { groupsClaim: 'roles', scope: 'openid groups' },
      roles: { editor: { groups: ['social'] }, operator: { emails: ['ada@example.com'] } },
    });
  });

  it.each([
    'https://login.microsoftonline.com/common/v2.0',
    'https://login.microsoftonline.com/organizations/v2.0',
    'https://login.microsoftonline.com/consumers/v2.0',
    'https://login.microsoftonline.com/example.onmicrosoft.com/v2.0',
    'https://login.microsoftonline.us/common/v2.0',
  ])('refuses %s, which is not one tenant', (issuer) => {
    expect(faults(`{ oidc: { issuer: "${issuer}", client_id: a }, ${allow} }`)).toEqual([
      expect.stringContaining('console.oidc.issuer is not the issuer of one Entra tenant'),
    ]);
  });

  it('takes the issuer of one tenant', () => {
    const issuer = 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0';

    expect(faults(`{ oidc: { issuer: "${issuer}", client_id: a }, ${allow} }`)).toEqual([]);
  });

  it.each([
    ['http://id.example.com', 'console.oidc.issuer must be the issuer of your identity provider'],
    ['https://user:pw@id.example.com', 'console.oidc.issuer must be the issuer'],
    ['https://id.example.com?x=1', 'console.oidc.issuer must be the issuer'],
    ['accounts.google.com', 'console.oidc.issuer must be the issuer'],
  ])('refuses the issuer %s', (issuer, message) => {
    expect(faults(`{ oidc: { issuer: "${issuer}", client_id: a }, ${allow} }`)).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it.each([
    ['public_url: "http://drafts.example.com"', 'console.public_url must be the address of the console'],
    ['public_url: "https://drafts.example.com/console"', 'console.public_url must be the address'],
    ['roles: { admin: {} }', 'console.roles.admin is not a setting'],
    ['roles: { editor: {} }', 'console.roles.editor lists no one'],
    ['roles: { editor: { emails: [ada] } }', 'console.roles.editor.emails.0 must be email addresses'],
    ['roles: { editor: { domains: ["*"] } }', 'console.roles.editor.domains.0 must be domains'],
    ['roles: { editor: { groups: [] } }', 'console.roles.editor.groups is empty'],
  ])('refuses %s', (setting, message) => {
    expect(faults(`{ ${oidc}, ${allow}, ${setting} }`)).toEqual([expect.stringContaining(message)]);
  });

  it('refuses a client secret in place of the client ID, without repeating it', () => {
    const [fault = ''] = faults(
      `{ oidc: { issuer: "https://accounts.google.com", client_id: GOCSPX-abcdef }, ${allow} }`,
    );

    expect(fault).toContain('console.oidc.client_id looks like the client secret');
    expect(fault).not.toContain('abcdef');
  });

  it('gives its address to prod alone; other stages are at the addresses of their stacks', () => {
    const config = read(`{ public_url: "https://drafts.example.com", ${oidc}, ${allow} }`);

    expect(atStage(config, 'prod').console?.publicUrl).toBe('https://drafts.example.com');
    expect(atStage(config, 'dev').console?.publicUrl).toBe(null);
  });
});
