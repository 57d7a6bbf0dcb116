import { consoleSecretNames } from './sign-in.ts';

const { client, key, previousKey } = consoleSecretNames;

/** The values of the console's secret by their names; null: missing or empty. */
export type SignInSecrets = Readonly<Record<string, string | null>>;

/** Something to do before anyone can sign in: what is wrong with which value, and the command that corrects it. */
export type SignInFault = { name: string; wrong: string; remedy: string; command: string };

const keyBytes = 32;

/** Whether sessions can be sealed with it: 256 bits in base64url. */
const isKey = (value: string): boolean => Buffer.from(value, 'base64url').length === keyBytes;

const clientFault = (value: string | null): SignInFault[] => {
  if (value !== null && value.trim() !== '') return [];
  return [
    {
      name: client,
      wrong: 'missing or empty',
      remedy: 'Store the client secret that your identity provider shows',
      command: `secret set ${client}`,
    },
  ];
};

const keyFault = (name: string, value: string | null): SignInFault[] => {
  if (value !== null && isKey(value)) return [];
  if (value === null && name === previousKey) return [];
  return [
    {
      name,
      wrong: value === null ? 'missing or empty' : 'not a session key: it must be 32 bytes in base64url',
      remedy: 'Make a session key',
      command: `secret new-session-key${name === previousKey ? ' --sign-everyone-out' : ''}`,
    },
  ];
};

/** What is to be done before anyone can sign in, as the console's page and `doctor` show it; no value is in it. */
export const signInFaults = (secrets: SignInSecrets): SignInFault[] => [
  ...clientFault(secrets[client] ?? null),
  ...keyFault(key, secrets[key] ?? null),
  ...keyFault(previousKey, secrets[previousKey] || null),
];
