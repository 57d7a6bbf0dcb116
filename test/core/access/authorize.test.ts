import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { personIn, roleOf, signatureOf } from '../../../lib/core/access/authorize.ts';
import type { Claims } from '../../../lib/core/access/claims.ts';
import { includes, roles } from '../../../lib/core/access/role.ts';
import type { People } from '../../../lib/core/config/config.ts';
import { consoleConfigOf, nobody } from '../../support/console-config.ts';

const google = 'https://accounts.google.com';
const entra = 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0';
const okta = 'https://example.okta.com';

/** Whether a person with these claims may enter. */
const enters = (issuer: string, allow: Partial<People>, claims: Claims, groupsClaim = 'groups') => {
  const config = consoleConfigOf({ oidc: { issuer, groupsClaim }, allow });
  return roleOf(config, personIn(config, { sub: 'u1', ...claims })) !== null;
};

describe('a person enters', () => {
  it.each<[string, string, Partial<People>, Claims, string?]>([
    ['by subject', okta, { subjects: ['u1'] }, {}],
    ['by a group', okta, { groups: ['social'] }, { groups: ['staff', 'social'] }],
    ['by a group given as a text', okta, { groups: ['social'] }, { groups: 'social' }],
    ['by a role in a claim of another name', entra, { groups: ['Editor'] }, { roles: ['Editor'] }, 'roles'],
    ['by a group of Cognito', okta, { groups: ['team'] }, { 'cognito:groups': ['team'] }, 'cognito:groups'],
    [
      'by a verified address',
      okta,
      { emails: ['ada@example.com'] },
      { email: 'Ada@Example.com', email_verified: true },
    ],
    [
      'by the domain of a verified address',
      okta,
      { domains: ['example.com'] },
      { email: 'ada@example.com', email_verified: true },
    ],
    ['by the domain that Google states', google, { domains: ['example.com'] }, { hd: 'Example.com' }],
    [
      'by an address whose domain Entra has verified',
      entra,
      { emails: ['ada@example.com'] },
      { email: 'ada@example.com', xms_edov: true },
    ],
    [
      'by its domain, where Entra writes 1',
      entra,
      { domains: ['example.com'] },
      { email: 'ada@example.com', xms_edov: '1' },
    ],
  ])('%s', (_, issuer, allow, claims, groupsClaim) => {
    expect(enters(issuer, allow, claims, groupsClaim)).toBe(true);
  });
});

describe('a person does not enter', () => {
  it.each<[string, string, Partial<People>, Claims, string?]>([
    ['with nothing that allow names', okta, { subjects: ['u2'] }, {}],
    [
      'with an address that is not verified',
      okta,
      { emails: ['ada@example.com'] },
      { email: 'ada@example.com', email_verified: false },
    ],
    [
      'with an address verified as a text',
      okta,
      { emails: ['ada@example.com'] },
      { email: 'ada@example.com', email_verified: 'true' },
    ],
    [
      'with an address of which nothing is stated',
      okta,
      { emails: ['ada@example.com'] },
      { email: 'ada@example.com' },
    ],
    [
      'with the domain of an address that is not verified',
      okta,
      { domains: ['example.com'] },
      { email: 'ada@example.com' },
    ],
    [
      'with a subdomain',
      okta,
      { domains: ['example.com'] },
      { email: 'a@evil.example.com', email_verified: true },
    ],
    [
      'with a second @',
      okta,
      { domains: ['example.com'] },
      { email: 'a@example.com@evil.test', email_verified: true },
    ],
    [
      'with a private Google account of that address',
      google,
      { domains: ['example.com'] },
      { email: 'ada@example.com', email_verified: true },
    ],
    ['with hd of any other issuer', okta, { domains: ['example.com'] }, { hd: 'example.com' }],
    [
      'at Entra with email_verified instead of xms_edov',
      entra,
      { emails: ['ada@example.com'] },
      { email: 'ada@example.com', email_verified: true },
    ],
    [
      'at Entra with xms_edov false',
      entra,
      { domains: ['example.com'] },
      { email: 'ada@example.com', xms_edov: 'false' },
    ],
    [
      'with xms_edov at another issuer',
      okta,
      { emails: ['ada@example.com'] },
      { email: 'ada@example.com', xms_edov: true },
    ],
    ['with the group in another claim', okta, { groups: ['social'] }, { roles: ['social'] }],
    ['with groups that are no texts', okta, { groups: ['social'] }, { groups: [{ name: 'social' }] }],
    ['with a claim that every object has', okta, { groups: ['social'] }, {}, 'constructor'],
  ])('%s', (_, issuer, allow, claims, groupsClaim) => {
    expect(enters(issuer, allow, claims, groupsClaim)).toBe(false);
  });

  it('with a session of another issuer', () => {
    const before = consoleConfigOf({ oidc: { issuer: okta }, allow: { subjects: ['u1'] } });
    const now = consoleConfigOf({ oidc: { issuer: google }, allow: { subjects: ['u1'] } });

    expect(roleOf(now, personIn(before, { sub: 'u1' }))).toBe(null);
  });
});

describe('a role', () => {
  const config = consoleConfigOf({
    allow: { groups: ['staff'] },
    roles: { editor: { ...nobody, groups: ['social'] }, operator: { ...nobody, subjects: ['op'] } },
  });
  const roleWith = (claims: Claims) => roleOf(config, personIn(config, { sub: 'u1', ...claims }));

  it.each([
    ['viewer', { groups: ['staff'] }],
    ['editor', { groups: ['staff', 'social'] }],
    ['operator', { groups: ['staff'], sub: 'op' }],
    ['operator', { groups: ['staff', 'social'], sub: 'op' }],
    [null, { groups: ['social'] }],
    [null, { sub: 'op' }],
  ])('%s is what %o gets: allow alone admits', (role, claims) => {
    expect(roleWith(claims)).toBe(role);
  });

  it('includes those before it, and none after it', () => {
    const pairs = roles.flatMap((role) => roles.map((needed) => [role, needed, includes(role, needed)]));

    expect(pairs.filter(([, , does]) => does)).toEqual([
      ['viewer', 'viewer', true],
      ['editor', 'viewer', true],
      ['editor', 'editor', true],
      ['operator', 'viewer', true],
      ['operator', 'editor', true],
      ['operator', 'operator', true],
    ]);
  });

  it('ends with the next configuration', () => {
    const person = personIn(config, { sub: 'op', groups: ['staff'] });
    const without = consoleConfigOf({ allow: { groups: ['somebody-else'] } });

    expect([roleOf(config, person), roleOf(without, person)]).toEqual(['operator', null]);
  });
});

describe('a session', () => {
  it('stores only groups that feeds.yml names, so that it fits into a cookie', () => {
    const config = consoleConfigOf({ allow: { groups: ['social'] } });
    const groups = ['social', ...Array.from({ length: 5_000 }, (_, at) => `group-${at}`)];

    expect(personIn(config, { sub: 'u1', groups }).groups).toEqual(['social']);
  });

  it('stores any claims without failing, in bounded space', () => {
    const config = consoleConfigOf();

    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('email', 'name', 'groups', 'hd'), fc.anything()),
        (claims) => {
          const { shown } = personIn(config, { ...claims, sub: 'u1' });
          expect(shown.length).toBeLessThanOrEqual(80);
        },
      ),
    );
  });

  it.each([
    ['ada@example.com (u1)', { email: 'ada@example.com', name: 'Ada' }],
    ['Ada (u1)', { name: 'Ada' }],
    ['u1', {}],
    ['A B (u1)', { name: 'A\u202E\nB' }],
  ])('signs actions as %s', (text, claims) => {
    expect(signatureOf(personIn(consoleConfigOf(), { sub: 'u1', ...claims }))).toBe(text);
  });
});
