import * as v from 'valibot';
import { isEntra } from '../../access/claims.ts';
import { isObject } from '../../is-object.ts';
import type { ConsoleConfig, People } from '../config.ts';
import { must, mustBe } from '../wrong-value.ts';
import { closedMap, type RawCheck, setting } from './config-schema.ts';

const loopback = ['127.0.0.1', 'localhost'];

/** https, or http to this machine, without credentials, query and fragment. */
const isSafeAddress = (text: string): boolean => {
  const url = URL.parse(text);
  if (url?.username !== '' || url.password !== '' || /[?#\s]/.test(text)) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.includes(url.hostname));
};

const publicUrlMessage = mustBe(
  'the address of the console',
  'write https:// and a host, for example https://drafts.example.com',
);
const PublicUrl = v.pipe(
  v.string(publicUrlMessage),
  v.check((url) => isSafeAddress(url) && URL.parse(url)?.pathname === '/', publicUrlMessage),
);

const issuerMessage = mustBe(
  'the issuer of your identity provider',
  'copy it from the field issuer of its /.well-known/openid-configuration, for example https://accounts.google.com',
);

/** https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc */
const tenantForm = /^\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/v2\.0$/;

/** `common`, `organizations` and `consumers` admit the accounts of every organization. */
const isOneTenant = (issuer: string): boolean =>
  !isEntra(issuer) || tenantForm.test(URL.parse(issuer)?.pathname ?? '');

const Issuer = v.pipe(
  v.string(issuerMessage),
  v.check(isSafeAddress, issuerMessage),
  v.check(
    isOneTenant,
    'is not the issuer of one Entra tenant: write https://login.microsoftonline.com/TENANT/v2.0 with the ID of your tenant; common and organizations would admit every organization',
  ),
);

const clientIdMessage = must('the client ID', 'copy it from the application at your identity provider');
const ClientId = v.pipe(
  v.string(clientIdMessage),
  v.regex(/^[\x21-\x7e]{1,255}$/, clientIdMessage),
  v.check(
    (id) => !/^(?:GOCSPX-|whsec_|sk_)/.test(id),
    'looks like the client secret: write the client ID here, store the secret with `secret set console-client-secret`, and replace it, because it has been in this file',
  ),
);

const Scope = v.pipe(
  v.string(mustBe('scopes in one text', 'write, for example, openid email profile')),
  v.check((scope) => scope.split(' ').includes('openid'), 'has no openid: add it'),
);

const claimMessage = mustBe('the name of a claim', 'write, for example, groups, roles or cognito:groups');
const ClaimName = v.pipe(v.string(claimMessage), v.regex(/^[\x21-\x7e]{1,255}$/, claimMessage));

const list = (rule: string, remedy: string, accepts: (text: string) => boolean) => {
  const message = mustBe(rule, remedy);
  return v.pipe(
    v.array(v.pipe(v.string(message), v.check(accepts, message)), must(`a list: ${rule}`, remedy)),
    v.minLength(1, 'is empty: remove it, or name somebody'),
    v.maxLength(200, 'has more than 200 items: name a group'),
  );
};

const isName = (text: string) => text.trim() === text && text !== '' && text.length <= 255;

const peopleEntries = {
  groups: setting(
    list('names of groups', 'write each as it is in the claim', isName),
    'Members of these groups.',
  ),
  subjects: setting(
    list('subjects', 'write each as it is in the claim sub', isName),
    'These people, by the claim sub, which is never reassigned.',
  ),
  emails: setting(
    list('email addresses', 'write, for example, ada@example.com', (text) => /^[^\s@]+@[^\s@]+$/.test(text)),
    'These addresses, if the provider has verified them.',
  ),
  domains: setting(
    list('domains', 'write, for example, example.com', (text) => /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(text)),
    'Everyone in these domains: at Google by the claim hd, else by a verified email address.',
  ),
};

const namesSomebody: RawCheck = ({ dataset: { value }, addIssue }) => {
  if (isObject(value) && Object.keys(value).length === 0)
    addIssue({ message: 'lists no one: add groups, subjects, emails or domains' });
};

const PeopleSection = v.pipe(closedMap(peopleEntries), v.rawCheck(namesSomebody));

const Oidc = closedMap({
  issuer: v.pipe(Issuer, v.description('The issuer, exactly as your identity provider names itself.')),
  client_id: v.pipe(ClientId, v.description('The ID of the application at your identity provider.')),
  scope: setting(Scope, 'The scopes to request. Default: openid email profile.'),
  groups_claim: setting(ClaimName, "The claim with a person's groups or roles. Default: groups."),
});

/** `console:` of feeds.yml. */
export const ConsoleSection = closedMap({
  public_url: setting(
    PublicUrl,
    'Where people open the console on prod or on one machine. Default on AWS: the address of the stack.',
  ),
  oidc: v.pipe(Oidc, v.description('The identity provider that people sign in with (OpenID Connect).')),
  allow: v.pipe(
    PeopleSection,
    v.description('Who may sign in; one match is enough. Everyone else is refused.'),
  ),
  roles: setting(
    closedMap({
      editor: setting(PeopleSection, 'People who may also decide on entries; same keys as in allow.'),
      operator: setting(
        PeopleSection,
        'People who may also pause and resume posting; same keys as in allow.',
      ),
    }),
    'Which of the people in allow may do more than read.',
  ),
});

type PeopleAsWritten = v.InferOutput<typeof PeopleSection>;

const lower = (texts: string[] = []): string[] => texts.map((text) => text.toLowerCase());

const resolvePeople = (written: PeopleAsWritten = {}): People => ({
  groups: written.groups ?? [],
  subjects: written.subjects ?? [],
  emails: lower(written.emails),
  domains: lower(written.domains),
});

/** The complete settings from `console:`. */
export const resolveConsole = (written: v.InferOutput<typeof ConsoleSection>): ConsoleConfig => ({
  publicUrl: written.public_url === undefined ? null : new URL(written.public_url).origin,
  oidc: {
    issuer: written.oidc.issuer,
    clientId: written.oidc.client_id,
    scope: written.oidc.scope ?? 'openid email profile',
    groupsClaim: written.oidc.groups_claim ?? 'groups',
  },
  allow: resolvePeople(written.allow),
  roles: {
    editor: resolvePeople(written.roles?.editor),
    operator: resolvePeople(written.roles?.operator),
  },
});
