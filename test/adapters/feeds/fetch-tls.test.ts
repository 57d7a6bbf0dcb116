import { describe, expect, it } from 'vitest';
import { fetchFeeds } from '../../../lib/adapters/feeds/fetch-feed.ts';
import { exchangeFailure, tlsReason } from '../../../lib/adapters/feeds/http/failures.ts';
import { localPublisher } from '../../support/local-publisher.ts';
import { selfSigned } from '../../support/self-signed.ts';
import { ask, OPTIONS } from './fetch-here.ts';

describe('TLS', () => {
  const year = (from: number, to: number) => ({
    from: new Date(`${from}-01-01`),
    to: new Date(`${to}-01-01`),
  });
  const good = selfSigned({ host: '127.0.0.1', ...year(2020, 2049) });

  it.each([
    ['self-signed', good, undefined],
    ['expired', selfSigned({ host: '127.0.0.1', ...year(2020, 2021) }), 'trusted'],
    ['not valid yet', selfSigned({ host: '127.0.0.1', ...year(2048, 2049) }), 'trusted'],
    ['another host name', selfSigned({ host: 'other.test', ...year(2020, 2049) }), 'trusted'],
  ])('failures state what is wrong with the certificate: %s', async (words, certificate, trust) => {
    await using publisher = await localPublisher((_request, response) => response.end('<rss/>'), certificate);
    const fetchFeed = fetchFeeds({ ...OPTIONS, ...(trust && { ca: certificate.cert }) });

    const failure = await fetchFeed(ask(publisher.origin)).catch((error) => error);

    expect(failure).toMatchObject({ kind: 'retryable', code: 'feed.tls' });
    expect(failure.message).toContain(words);
    expect(failure.message).toContain(publisher.host);
    expect(publisher.visits).toEqual([]);
  });

  it('failures state that the port does not speak TLS', async () => {
    await using publisher = await localPublisher((_request, response) => response.end('<rss/>'));

    const failure = await fetchFeeds(OPTIONS)(ask(`https://${publisher.host}/`)).catch((error) => error);

    expect(failure).toMatchObject({ kind: 'retryable', code: 'feed.tls' });
    expect(failure.message).toContain('does not speak TLS');
  });

  it('is not dropped permanently by a redirect to http', async () => {
    await using plain = await localPublisher((_request, response) => response.end('<rss/>'));
    await using safe = await localPublisher(
      (_request, response) => response.writeHead(301, { location: `${plain.origin}/feed` }).end(),
      good,
    );

    const answer = await fetchFeeds({ ...OPTIONS, ca: good.cert })(ask(safe.origin));

    expect(answer).toMatchObject({ kind: 'document', url: `${plain.origin}/feed` });
    expect(answer.permanentUrl).toBeUndefined();
  });

  it('is adopted permanently by a redirect from http', async () => {
    await using safe = await localPublisher((_request, response) => response.end('<rss/>'), good);
    await using plain = await localPublisher((_request, response) =>
      response.writeHead(301, { location: `${safe.origin}/feed` }).end(),
    );

    const answer = await fetchFeeds({ ...OPTIONS, ca: good.cert })(ask(plain.origin));

    expect(answer.permanentUrl).toBe(`${safe.origin}/feed`);
  });

  it('works with a valid certificate', async () => {
    await using publisher = await localPublisher((_request, response) => response.end('<rss/>'), good);
    const fetchFeed = fetchFeeds({ ...OPTIONS, ca: good.cert });

    await expect(fetchFeed(ask(publisher.origin))).resolves.toMatchObject({ kind: 'document' });
  });

  it.each([
    ['CERT_HAS_EXPIRED', 'its certificate has expired'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'the handshake failed (ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION)'],
    ['ECONNRESET', null],
  ])('maps %s to the reason: %s', (code, reason) => {
    expect(tlsReason(code)).toBe(reason);
  });
});

describe('an error during the exchange', () => {
  const bug = new TypeError("Cannot read properties of undefined (reading 'x')");

  it.each([bug, new RangeError('Invalid array length'), new ReferenceError('x is not defined')])(
    'is rethrown unchanged if it is our own bug: %s',
    (error) => {
      expect(exchangeFailure(error, 'www.example.com')).toBe(error);
    },
  );

  it.each(['ECONNRESET', 'HPE_INVALID_CONSTANT', 'ENOTFOUND', ''])(
    'counts as unreachable if it comes from the host: %s',
    (code) => {
      const error = Object.assign(new Error('socket hang up'), { code });

      expect(exchangeFailure(error, 'www.example.com')).toMatchObject({ code: 'feed.unreachable' });
    },
  );

  it('is thrown by the fetch unchanged if it is a bug', async () => {
    await using publisher = await localPublisher((_request, response) => response.end('<rss/>'));
    const fetchFeed = fetchFeeds({
      ...OPTIONS,
      now: () => {
        throw bug;
      },
    });

    await expect(fetchFeed(ask(publisher.origin))).rejects.toBe(bug);
  });
});
