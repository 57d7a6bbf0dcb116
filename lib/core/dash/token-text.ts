import { misconfigured } from '../errors.ts';

const wrong = (what: string) =>
  misconfigured('token.malformed', `The token ${what}. Store only the token, or JSON with the key "token"`);

const unwrapped = (text: string): unknown => {
  if (!text.startsWith('{')) return text;
  try {
    return (JSON.parse(text) as { token?: unknown }).token;
  } catch {
    // Without its cause, because the parser quotes the text, which is the token.
    throw wrong('looks like JSON but cannot be parsed');
  }
};

/**
 * The token in a secret's text: the text itself, or the key `token` of a JSON object; surrounding white space is
 * removed. Throws config `token.missing` or `token.malformed`; neither contains any of the text.
 */
export const readToken = (text: string): string => {
  const value = unwrapped(text.trim());
  if (typeof value !== 'string' && value !== undefined) throw wrong('is not a string');
  const token = value?.trim() ?? '';
  if (token === '') throw misconfigured('token.missing', 'The token is empty. Store the Dash Social token');
  // Not valid in a header, and always a copying mistake: spaces, quotes, control characters.
  if (!/^[!#-&(-~]+$/.test(token)) throw wrong('contains a space, a quote or a non-ASCII character');
  return token;
};
