import { randomUUID } from 'node:crypto';
import { once } from '../../lib/core/once.ts';

/** The settings that the SDKs need for the emulators, besides endpoints. */
export type Access = { region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

/** A key that cannot be guessed. */
export const newKey = (): string => randomUUID().replaceAll('-', '');

/**
 * The credentials for every emulator that this process starts. The access key ID is the key that the guard requires;
 * it is generated on first use and differs between processes, so that access requires `running.json` or the key
 * itself. Signatures are not checked.
 */
export const ourAccess: () => Access = once(() => ({
  region: 'us-east-1',
  credentials: { accessKeyId: newKey(), secretAccessKey: 'not-checked' },
}));
