import { describe, expect, it, onTestFinished } from 'vitest';
import { fixedToken } from '../../../lib/adapters/aws/token.ts';
import { dashMedia } from '../../../lib/adapters/dash-social/dash-media.ts';
import { dashRequests } from '../../../lib/adapters/dash-social/dash-requests.ts';
import type { SendDash } from '../../../lib/core/dash/dash-response.ts';
import { judgeMedium, type ReadMedium } from '../../../lib/core/dash/medium.ts';
import { misconfigured } from '../../../lib/core/errors.ts';
import { startSandbox } from '../../../local/sandbox/start-sandbox.ts';
import { fakeMedia } from '../../support/fake-media.ts';

type Fields = Record<string, unknown> | null;
type Library = { readMedium: ReadMedium; set: (id: number, fields: Fields) => void };

const clock = () => Date.parse('2026-03-01T00:00:10Z');
const send = dashRequests({ clock, connectTimeoutMs: 1_500, responseTimeoutMs: 1_500 });
const token = fixedToken('secret');

const open = async () => {
  const sandbox = await startSandbox({ token: 'secret', brands: [144], clock });
  onTestFinished(sandbox.close);
  return { sandbox, readMedium: dashMedia({ send, token, baseUrl: sandbox.url }) };
};

const libraries: Record<string, () => Promise<Library>> = {
  'the sandbox': async () => {
    const { sandbox, readMedium } = await open();
    return { readMedium, set: (id, fields) => sandbox.setMedia({ [id]: fields }) };
  },
  'the fake': async () => fakeMedia(),
};

describe.each(Object.entries(libraries))('a video in %s', (_, openLibrary) => {
  const judged = async ({ readMedium }: Library, id = 7) =>
    judgeMedium(await readMedium({ brand: 144, id }), { brand: 144, id }, clock());

  it('that was not set exists, and may be published', async () => {
    expect(await judged(await openLibrary())).toEqual({ kind: 'usable' });
  });

  it('that was removed does not exist', async () => {
    const library = await openLibrary();
    library.set(7, null);

    expect(await library.readMedium({ brand: 144, id: 7 })).toEqual({ kind: 'missing' });
    expect(await judged(library, 8)).toEqual({ kind: 'usable' });
  });

  it('has its status, window and rights', async () => {
    const library = await openLibrary();
    library.set(7, {
      brand_media_status: 'ACTIVE',
      can_publish_within: { start: '2026-01-01', end: '2026-12-31' },
      content_rights_expiry_date: '2027-01-01T00:00:00Z',
    });

    expect(await library.readMedium({ brand: 144, id: 7 })).toEqual({
      kind: 'found',
      medium: {
        status: 'ACTIVE',
        from: '2026-01-01',
        until: '2026-12-31',
        rightsUntil: '2027-01-01T00:00:00Z',
      },
    });
  });

  it('of another brand cannot be checked', async () => {
    const library = await openLibrary();

    expect(await library.readMedium({ brand: 9, id: 7 })).toMatchObject({ kind: 'unknown' });
  });
});

describe('dashMedia', () => {
  it.each([
    ['error-500', 'dash.no-medium'],
    ['unavailable-503', 'dash.no-medium'],
    ['throttled-429', 'dash.no-medium'],
    ['unauthorized-401', 'dash.no-medium'],
    ['forbidden-403', 'dash.no-medium'],
    ['proxy-404', 'dash.no-medium'],
    ['too-large', 'dash.no-medium'],
    ['garbled', 'dash.no-medium'],
    ['hang', 'dash.timeout'],
    ['drop', 'dash.cut-off'],
  ] as const)('draws no conclusion from %s', async (kind, code) => {
    const { sandbox, readMedium } = await open();
    sandbox.fail({ kind, on: 'library' });

    expect(await readMedium({ brand: 144, id: 7 })).toMatchObject({ kind: 'unknown', code });
  });

  it('draws no conclusion without a token', async () => {
    const refused = async () => {
      throw misconfigured('token.missing', 'The token is empty');
    };
    const readMedium = dashMedia({ send, token: { current: refused, refreshed: refused } });

    expect(await readMedium({ brand: 144, id: 7 })).toEqual({
      kind: 'unknown',
      code: 'token.missing',
      message: 'The token is empty',
    });
  });

  it('requests the video of the brand from the Library, or from an address of its own', async () => {
    const urls: string[] = [];
    const record: SendDash = async ({ url }) => {
      urls.push(url);
      return { kind: 'kept' };
    };

    await dashMedia({ send: record, token })({ brand: 144, id: 7 });
    await dashMedia({ send: record, token, libraryUrl: 'https://library.example/' })({ brand: 144, id: 7 });

    expect(urls).toEqual([
      'https://library-backend.dashsocial.com/brands/144/media/v2/7',
      'https://library.example/brands/144/media/v2/7',
    ]);
  });
});
