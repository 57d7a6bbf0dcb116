import { hash } from 'node:crypto';
import type { Entry } from '../entry.ts';
import { normalizeText } from './normalize-text.ts';

/**
 * 64 bits over title, summary and content, in hexadecimal, to distinguish an edit from a repeat. White space and
 * typography do not matter, letter case does. `text`: the normalized content, or summary if there is no content.
 */
export const contentHash = ({ title, summary, content }: Entry, text: string): string => {
  const other = content === null ? '' : normalizeText(summary);
  return hash('sha256', JSON.stringify([normalizeText(title), other, text])).slice(0, 16);
};
