import { EncryptJWT, jwtDecrypt } from 'jose';
import type { OpenSeal } from '../../core/access/sign-in.ts';
import { misconfigured } from '../../core/errors.ts';
import type { Clock } from '../../core/ports.ts';

const alg = 'dir';
const enc = 'A256GCM';
const keyBytes = 32;

const bytesOf = (key: string): Uint8Array => {
  const bytes = Buffer.from(key, 'base64url');
  if (bytes.length === keyBytes) return bytes;
  throw misconfigured(
    'console.bad-key',
    `A session key must be ${keyBytes} bytes in base64url, not ${bytes.length} bytes: make one with the command secret new-session-key.`,
  );
};

/** Seals values as encrypted JWTs (RFC 7516, direct encryption with AES-256-GCM). Throws config `console.bad-key`. */
export const jweSeal =
  (clock: Clock): OpenSeal =>
  (written) => {
    const keys = written.map(bytesOf);
    const [first] = keys;
    if (!first) throw misconfigured('console.bad-key', 'There is no session key.');

    const openWith = async (key: Uint8Array, audience: string, text: string): Promise<unknown> => {
      try {
        const { payload } = await jwtDecrypt<{ value: unknown }>(text, key, {
          audience,
          requiredClaims: ['exp', 'value'],
          keyManagementAlgorithms: [alg],
          contentEncryptionAlgorithms: [enc],
          currentDate: new Date(clock()),
        });
        return payload.value;
      } catch {
        return null; // forged, damaged or expired: all the same to a visitor
      }
    };

    return {
      seal: (purpose, value, lifetimeMs) =>
        new EncryptJWT({ value })
          .setProtectedHeader({ alg, enc })
          .setAudience(purpose)
          .setExpirationTime(Math.floor((clock() + lifetimeMs) / 1000))
          .encrypt(first),
      open: async (purpose, text) => {
        for (const key of keys) {
          const value = await openWith(key, purpose, text);
          if (value !== null) return value;
        }
        return null;
      },
    };
  };
