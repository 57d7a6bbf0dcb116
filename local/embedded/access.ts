import { randomUUID } from 'node:crypto';
import { once } from '../../lib/core/once.ts';

/** What the SDKs need to speak to the emulators, beside their endpoints. */
export type Access = { region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

/** A key that cannot be guessed. */
export const newKey = (): string => randomUUID().replaceAll('-', '');

/**
 * The way in to every emulator that this process starts. Its access key id is the key that their guard asks for; it
 * is drawn when it is first needed and is another one in each process, so that only who may read `running.json`, or
 * is handed it, gets in. Signatures are not checked.
 */
export const ourAccess: () => Access = once(() => ({
  region: 'us-east-1',
  credentials: { accessKeyId: newKey(), secretAccessKey: 'not-checked' },
}));
