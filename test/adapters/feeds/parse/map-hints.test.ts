import { expect, test } from 'vitest';
import { readFeed } from '../../../../lib/adapters/feeds/parse/read-feed.ts';

const HOUR = 3_600_000;
const hintsOf = async (channel: string) => {
  const text = `<rss xmlns:s="http://purl.org/rss/1.0/modules/syndication/"><channel><title>x</title>${channel}</channel></rss>`;
  return (await readFeed({ bytes: Buffer.from(text), contentType: null, url: '' })).hints;
};

test.each([
  ['<ttl>60</ttl>', HOUR],
  ['<ttl> 90 </ttl>', 1.5 * HOUR],
  ['<ttl>0</ttl>', null],
  ['<ttl>-5</ttl>', null],
  ['<ttl>soon</ttl>', null],
  ['<ttl>99999999</ttl>', null],
  ['<s:updatePeriod>daily</s:updatePeriod>', 24 * HOUR],
  ['<s:updatePeriod>Hourly</s:updatePeriod><s:updateFrequency>4</s:updateFrequency>', HOUR / 4],
  ['<s:updateFrequency>2</s:updateFrequency>', 12 * HOUR],
  ['<s:updatePeriod>fortnightly</s:updatePeriod>', null],
  ['<s:updatePeriod>hourly</s:updatePeriod><s:updateFrequency>0</s:updateFrequency>', HOUR],
  ['<ttl>120</ttl><s:updatePeriod>hourly</s:updatePeriod>', 2 * HOUR],
  ['', null],
])('%s sets %j ms between polls', async (channel, ttlMs) => {
  expect(await hintsOf(channel)).toEqual({ ttlMs, skipHours: [], skipDays: [] });
});

test('skipHours and skipDays keep valid values, each once', async () => {
  const hints = await hintsOf(
    '<skipHours><hour>5</hour><hour>24</hour><hour>05</hour><hour>-1</hour><hour>25</hour><hour>noon</hour></skipHours>' +
      '<skipDays><day>sunday</day><day>Sat</day><day>Caturday</day></skipDays>',
  );

  expect(hints).toEqual({ ttlMs: null, skipHours: [5, 0], skipDays: [0, 6] });
});
