import { hash } from 'node:crypto';

/** 64 bits, as 16 hexadecimal digits. */
export const rawHash = (raw: string | Uint8Array): string => hash('sha256', raw).slice(0, 16);
