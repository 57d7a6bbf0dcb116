import * as v from 'valibot';

/** The claims of an ID token by name (OpenID Connect Core 1.0, section 2), whose signature and audience were checked. */
export type Claims = Readonly<Record<string, unknown>>;

const entraHosts = [
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
];

/** Whether an issuer is Microsoft Entra ID, which sends no `email_verified`. */
export const isEntra = (issuer: string): boolean => entraHosts.includes(URL.parse(issuer)?.hostname ?? '');

/** https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload */
const isGoogle = (issuer: string): boolean => issuer === 'https://accounts.google.com';

/** Entra sends the optional claim `xms_edov` as a boolean, a number or a text. */
const isYes = (value: unknown): boolean => value === true || value === 1 || value === '1' || value === 'true';

/**
 * The email address that the issuer vouches for, in lower case; null without one. `email_verified` must be true;
 * at Entra it is `xms_edov` ("email domain owner verified"), because there any user may carry a foreign address:
 * https://learn.microsoft.com/entra/identity-platform/migrate-off-email-claim-authorization
 */
export const verifiedEmail = (issuer: string, { email, email_verified, xms_edov }: Claims): string | null => {
  const isVerified = isEntra(issuer) ? isYes(xms_edov) : email_verified === true;
  return isVerified && typeof email === 'string' ? email.toLowerCase() : null;
};

const afterAt = (email: string | null): string | null => email?.slice(email.lastIndexOf('@') + 1) ?? null;

/**
 * The domain that a person belongs to, in lower case; null without one. Google states it in `hd`: the address alone
 * may be a private account. Elsewhere it is that of the verified address.
 */
export const domainOf = (issuer: string, claims: Claims): string | null => {
  if (!isGoogle(issuer)) return afterAt(verifiedEmail(issuer, claims));
  return typeof claims.hd === 'string' ? claims.hd.toLowerCase() : null;
};

const Names = v.array(v.string());

/** The groups or roles in a claim: a list of names, or a single name. */
export const groupsIn = (claim: string, claims: Claims): string[] => {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : null;
  if (typeof value === 'string') return [value];
  return v.is(Names, value) ? value : [];
};
