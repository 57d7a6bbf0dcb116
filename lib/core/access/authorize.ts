import type { ConsoleConfig, People } from '../config/config.ts';
import { type Claims, domainOf, groupsIn, verifiedEmail } from './claims.ts';
import type { Role } from './role.ts';

/**
 * A person as the session stores them: what `allow` and `roles` are judged by. Keyed by issuer and subject; name and
 * email are only shown, because both can pass to somebody else.
 */
export type Person = {
  issuer: string;
  subject: string;
  /** What is shown: email address, name or subject. */
  shown: string;
  /** Verified, in lower case; null without one. */
  email: string | null;
  domain: string | null;
  /** Only those that feeds.yml named at sign-in, so that a session fits into a cookie. */
  groups: string[];
};

type Access = Pick<ConsoleConfig, 'oidc' | 'allow' | 'roles'>;

const rulesOf = ({ allow, roles }: Access): People[] => [allow, roles.editor, roles.operator];

const maxShown = 80;
/** Control characters and marks that change the direction of the following text. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069\uFEFF]+/gu;

const shownBy = ({ email, name, sub }: Claims): string => {
  const found = [email, name, sub].find((one) => typeof one === 'string' && one.trim() !== '');
  return String(found).replaceAll(unsafe, ' ').trim().slice(0, maxShown).toWellFormed();
};

/** The person that an ID token of the configured issuer names; its `sub` is a text of at most 255 characters. */
export const personIn = (config: Access, claims: Claims): Person => {
  const { issuer, groupsClaim } = config.oidc;
  const named = new Set(rulesOf(config).flatMap(({ groups }) => groups));
  return {
    issuer,
    subject: String(claims.sub),
    shown: shownBy(claims),
    email: verifiedEmail(issuer, claims),
    domain: domainOf(issuer, claims),
    groups: [...new Set(groupsIn(groupsClaim, claims))].filter((name) => named.has(name)),
  };
};

const isAmong = (people: People, { subject, email, domain, groups }: Person): boolean =>
  people.subjects.includes(subject) ||
  (email !== null && people.emails.includes(email)) ||
  (domain !== null && people.domains.includes(domain)) ||
  groups.some((name) => people.groups.includes(name));

/**
 * What a person may do under the current configuration; null: nothing. `allow` alone decides who enters, `roles` what
 * they may do there. A session of another issuer counts as nobody.
 */
export const roleOf = (config: Access, person: Person): Role | null => {
  if (person.issuer !== config.oidc.issuer || !isAmong(config.allow, person)) return null;
  if (isAmong(config.roles.operator, person)) return 'operator';
  return isAmong(config.roles.editor, person) ? 'editor' : 'viewer';
};

/** The person for histories and logs: what is shown, and the subject, which alone stays the same. */
export const signatureOf = ({ shown, subject }: Pick<Person, 'shown' | 'subject'>): string =>
  shown === subject ? subject : `${shown} (${subject})`;
