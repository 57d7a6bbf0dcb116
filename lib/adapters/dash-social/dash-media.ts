import { type LibraryAddress, libraryUrls, sendWithToken } from '../../core/dash/dash-call.ts';
import type { SendDash } from '../../core/dash/dash-response.ts';
import { type ReadMedium, readMedium } from '../../core/dash/medium.ts';
import { AppError } from '../../core/errors.ts';
import type { TokenSource } from '../../core/ports.ts';

type DashMediaOptions = { send: SendDash; token: TokenSource } & LibraryAddress;

/** Reads media from the Library of Dash Social. A missing token is an unknown outcome, too. */
export const dashMedia = (options: DashMediaOptions): ReadMedium => {
  const send = sendWithToken(options);
  const { media: addressOf } = libraryUrls(options);
  return async ({ brand, id }) => {
    try {
      return readMedium(await send({ method: 'GET', url: addressOf(brand, id) }));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { kind: 'unknown', code: error.code, message: error.message };
    }
  };
};

/** For a stage that delivers nothing, or with dash: { check_media: false }. */
export const noMedia: ReadMedium = async () => ({ kind: 'not-requested' });
