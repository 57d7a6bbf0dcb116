import { describe, expect, test } from 'vitest';
import { languages } from '../../lib/core/captions/languages/languages.ts';
import { platforms } from '../../lib/core/captions/languages/platforms.ts';
import { stripBoilerplate } from '../../lib/core/captions/strip-boilerplate.ts';
import { cutHead } from '../../lib/core/text/platform-lines.ts';

const story = 'We walk along the harbour. It rains.';

describe('removes boilerplate appended by', () => {
  test.each([
    ['Medium, the excerpt', 'Continue reading on Medium »'],
    ['Medium, a publication', 'Continue reading on The Harbour Letters »'],
    [
      'Medium, the full story',
      '\n\nRain was originally published in The Harbour Letters on Medium, where people are continuing the conversation by highlighting and responding to this story.',
    ],
    [
      'Substack, a free post',
      '\n\nThanks for reading Harbour! Subscribe for free to receive new posts and support my work.',
    ],
    [
      'Substack, with buttons',
      '\n\nHarbour is a reader-supported publication. To receive new posts and support my work, consider becoming a free or paid subscriber.\n\nSubscribe now\n\nShare\n\nLeave a comment',
    ],
    [
      'Substack, a podcast',
      '\n\nThis is a public episode. If you’d like to discuss this with other subscribers or get access to bonus episodes, visit harbour.substack.com/subscribe',
    ],
    ['Substack, a partial post', '\n\nGet full access to Harbour at harbour.substack.com/subscribe'],
    ['Acast', ' Hosted on Acast. See acast.com/privacy for more information.'],
    ['Acast, old format', '\n\nSee acast.com/privacy for privacy and opt-out information.'],
    [
      'Anchor',
      '\n\n---\n\nThis episode is sponsored by · Anchor: The easiest way to make a podcast. https://anchor.fm/app\n\n---\n\nSend in a voice message: https://anchor.fm/harbour/message\nSupport this podcast: https://anchor.fm/harbour/support',
    ],
    ['Spotify', ' --- Support this podcast: https://podcasters.spotify.com/pod/show/harbour/support'],
    ['Spotify, with advertising', '\nLearn more about your ad choices. Visit megaphone.fm/adchoices'],
    ['Buzzsprout', '\n\nSupport the show'],
    ['Buzzsprout, twice', '\nSend us fan mail\n\nSupport the show'],
    ['Feedburner', '\n\nEmail this • Add to del.icio.us • Digg This! • Share on Facebook'],
    [
      'Simplecast',
      '\n\nHosted by Simplecast, an AdsWizz company. See pcm.adswizz.com for information about our collection and use of personal data for advertising.',
    ],
    ['WordPress followed by a host', '\n\nThe post Rain appeared first on Harbour.\n\nSupport the show'],
  ])('%s', (_what, tail) => {
    expect(stripBoilerplate(`${story}${tail}`, 'Rain')).toBe(story);
  });
});

test.each([
  'Please support the show of the school.',
  'We publish on Medium. It was originally published in 1984.',
  'You can share',
  'Become a member at the club. We have many comments',
  'Read on Substack why.',
  'See the harbour for more information.',
])("keeps the author's text: %s", (text) => {
  expect(stripBoilerplate(text, 'Rain')).toBe(text);
});

test.each([
  ['Send us a text\n\nWe walk.', 'We walk.'],
  ['Send us Fan Mail\nWe walk.', 'We walk.'],
  ['Send us a text and win.\nWe walk.', 'Send us a text and win.\nWe walk.'],
  ['We walk.\nSend us a text\nNow.', 'We walk.\nSend us a text\nNow.'],
])("removes a host's text only above the story: %j", (text, left) => {
  expect(cutHead(text)).toBe(left);
});

test('removes every line of every host', () => {
  const lines = Object.values(platforms).flatMap(({ tails, tailLines = [] }) => [...tails, ...tailLines]);
  for (const line of lines) {
    const filled = line
      .replaceAll('{name}', 'The Harbour Letters')
      .replaceAll('{address}', 'https://a.example/b');

    expect(stripBoilerplate(`${story}\n\n${filled}`, 'Rain')).toBe(story);
    expect(stripBoilerplate(`${story}\n\n${filled.toUpperCase()}.`, 'Rain')).toBe(story);
  }
});

const words = (phrase: string): string =>
  phrase
    .split(' ')
    .map((word) => word.split('/').at(-1))
    .join(' ');

test('removes every phrase in every language', () => {
  for (const { footers = [], readOn = [] } of languages) {
    for (const phrase of readOn)
      expect(stripBoilerplate(`${story}\n\n${words(phrase)} →`, 'Rain')).toBe(story);
    for (const { begins, goesOn } of footers) {
      for (const rest of goesOn) {
        const footer = `${words(begins.at(-1) ?? '')} Rain ${words(rest)} Harbour.`.trim();
        expect(stripBoilerplate(`${story}\n\n${footer}`, 'Rain')).toBe(story);
      }
    }
  }
});

test('removes nothing from a megabyte of incomplete phrases', () => {
  const text = 'was originally published in '.repeat(40_000);

  expect(stripBoilerplate(text, null)).toBe(text.trimEnd());
});
