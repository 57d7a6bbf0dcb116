import { expect, it } from 'vitest';
import { markupOf } from '../../console/html.ts';
import { feedSettings, settingsView, webhookSettings } from '../../console/settings-view.ts';
import { readConfig } from '../../lib/config.ts';

const { feeds, webhooks } = readConfig(
  `
timezone: Europe/Paris
feeds:
  newsroom:
    url: https://www.example.com/feed.xml
    every: 15m
    brand_id: 144
    review: { first: 10 }
    caption: |-
      {{ title }}
      {{ link }}
    skip: { keywords: [sponsored, advert] }
    limits: { per_day: 3, quiet: "22:00-07:00" }
    at: next_slot
    slots: ["09:00", "18:30"]
    utm: { source: tiktok }
webhooks:
  blog:
    from: ghost
    secret_name: ghost
    brand_id: 205
`,
  'feeds.yml',
);

it('settings of a feed have their names and values from feeds.yml', () => {
  expect(Object.fromEntries(feedSettings(feeds[0] as (typeof feeds)[number]))).toMatchObject({
    url: 'https://www.example.com/feed.xml',
    every: '15 min',
    brand_id: '144',
    publish: 'draft (reviewed in Dash Social)',
    review: 'the first 10',
    timezone: 'Europe/Paris',
    'skip.keywords': 'sponsored, advert',
    'limits.per_day': '3',
    'limits.quiet': '22:00–07:00',
    at: 'next_slot',
    slots: '09:00, 18:30',
    'utm.source': 'tiktok',
    caption: '{{ title }}\n{{ link }}',
  });
});

it('settings of a webhook name its secret, never its value', () => {
  expect(Object.fromEntries(webhookSettings(webhooks[0] as (typeof webhooks)[number]))).toMatchObject({
    from: 'ghost',
    secret_name: 'ghost',
    brand_id: '205',
    review: 'no',
  });
});

it('settings are escaped', () => {
  expect(markupOf(settingsView('s', [['caption', '<script>\n</script>']]))).not.toContain('<script>');
});
