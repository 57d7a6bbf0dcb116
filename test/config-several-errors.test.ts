import { describe, expect, test } from 'vitest';
import { readConfig } from '../lib/config.ts';
import { AppError } from '../lib/core/errors.ts';
import { faultLines } from './support/config-faults.ts';

describe('several errors', () => {
  test('are reported at once, in file order, each at its position', () => {
    const text = `timezone: Berlin
feeds:
  newsroom:
    urll: https://www.example.com/feed.xml
    every: 30s
    every: 1h
    post:
      campaign_ids: 12
      title: "{{ titel }}"
  Blog:
    url: https://example.com
    when_uncertain: look_up
`;

    const error = catching(() => readConfig(text, 'my/feeds.yml'));

    expect(error).toMatchObject({ kind: 'config', code: 'config.invalid' });
    expect(error.message.split('\n').map((line) => line.slice(0, 60))).toEqual([
      'my/feeds.yml has 10 errors:',
      '  my/feeds.yml:1:11 timezone must be the name of a time zone',
      '  my/feeds.yml:3:3 feeds.newsroom.url is missing: give it a ',
      '  my/feeds.yml:3:3 feeds.newsroom has no brand_id: give it o',
      '  my/feeds.yml:4:5 feeds.newsroom.urll is not a setting: did',
      '  my/feeds.yml:6:5 this name appears twice: keep one of them',
      '  my/feeds.yml:8:21 feeds.newsroom.post.campaign_ids must be',
      '  my/feeds.yml:9:14 feeds.newsroom.post.title uses "titel", ',
      '  my/feeds.yml:10:3 feeds.Blog is not an ID for a feed: use ',
      '  my/feeds.yml:10:3 feeds.Blog has no brand_id: give it one,',
      '  my/feeds.yml:12:21 feeds.Blog.when_uncertain must be auto,',
    ]);
  });

  test('from one anchor are reported once, at the anchor', () => {
    const text = `x-common: &common
  every: 30s
feeds:
  a: { <<: *common, url: "https://e.com", brand_id: 1 }
  b: { <<: *common, url: "https://e.com", brand_id: 1 }
  c: { <<: *common, url: "https://e.com", brand_id: 1 }
`;

    expect(faultLines(text)).toEqual([
      expect.stringMatching(/^2:10 feeds\.a\.every \(and 2 more\) must be a duration/),
    ]);
  });

  test('in an aliased value are reported where the value is', () => {
    const text =
      'x-id: &id [wrong]\nfeeds:\n  a: { url: "https://e.com", brand_id: 1, post: { board_ids: *id } }';

    expect(faultLines(text)).toEqual([
      expect.stringMatching(/^1:12 feeds\.a\.post\.board_ids\.0 must be a number/),
    ]);
  });

  test('repeat no value that may be a secret in the wrong place', () => {
    const secret = 'sk-12345';
    const text = `feeds: { a: { url: "https://u:${secret}@e.com", every: ${secret}, brand_id: ${secret}, token: ${secret}, post: { title: 5, timestamp: ${secret} } } }`;

    const error = catching(() => readConfig(text, 'feeds.yml'));

    expect(error.message).toContain('6 errors');
    expect(JSON.stringify([error.message, error.details])).not.toContain(secret);
  });
});

const catching = (run: () => unknown): AppError => {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};
