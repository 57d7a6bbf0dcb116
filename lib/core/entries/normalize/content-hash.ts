import { hash } from 'node:crypto';
import type { Entry } from '../entry.ts';

/** 64 bits over title, summary and content, in hexadecimal, to distinguish an edit from a repeat. */
export const contentHash = ({ title, summary, content }: Entry): string =>
  hash('sha256', JSON.stringify([title, summary, content])).slice(0, 16);
