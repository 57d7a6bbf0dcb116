import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../lib/config.ts';
import { namedSecrets } from '../../../../lib/core/config/named-secrets.ts';
import { faultLines } from '../../../support/config-faults.ts';

const withEvents = (...lines: string[]) =>
  ['feeds: {}', 'events:', ...lines.map((line) => `  ${line}`)].join('\n');
const read = (...lines: string[]) => readConfig(withEvents(...lines), 'feeds.yml');

describe('events: of feeds.yml', () => {
  it('is off when it is missing', () => {
    expect(readConfig('feeds: {}', 'feeds.yml').events).toBeUndefined();
  });

  it('names an event bus, web addresses, or both', () => {
    expect(read('event_bus: news').events).toEqual({
      eventBus: 'news',
      webAddresses: [],
      allowPrivate: false,
    });
    expect(
      read(
        'event_bus: arn:aws:events:eu-central-1:123456789012:event-bus/news',
        'allow_private: true',
        'web_addresses:',
        '  - { url: "https://a.example/x?y=z", secret_name: one }',
        '  - { url: "http://127.0.0.1:8080/", secret_name: [one, two] }',
      ).events,
    ).toEqual({
      eventBus: 'arn:aws:events:eu-central-1:123456789012:event-bus/news',
      allowPrivate: true,
      webAddresses: [
        { url: 'https://a.example/x?y=z', secretNames: ['one'] },
        { url: 'http://127.0.0.1:8080/', secretNames: ['one', 'two'] },
      ],
    });
  });

  it('names its secrets, so that check and doctor look for them', () => {
    const config = read('web_addresses: [{ url: "https://a.example/x", secret_name: [one, two] }]');

    expect(namedSecrets(config)).toEqual([
      { name: 'one', usedBy: ['events to a.example'] },
      { name: 'two', usedBy: ['events to a.example'] },
    ]);
  });

  it.each<[string, string[], RegExp]>([
    ['sends nowhere', ['allow_private: true'], /events are sent nowhere: add event_bus or web_addresses/],
    ['has an empty list', ['web_addresses: []'], /sent nowhere/],
    ['has an unknown key', ['event_buss: x'], /did you mean event_bus/],
    ['has a bus that is no name', ['event_bus: "a b"'], /event_bus must be the name or ARN of an event bus/],
    [
      'has the ARN of something else',
      ['event_bus: arn:aws:sns:eu-central-1:123456789012:news'],
      /event_bus must be the name or ARN/,
    ],
    [
      'has http on another machine',
      ['web_addresses: [{ url: "http://a.example/", secret_name: one }]'],
      /url must be a web address.*beginning with https/,
    ],
    [
      'has a password in an address',
      ['web_addresses: [{ url: "https://u:p@a.example/", secret_name: one }]'],
      /contains a user name or a password/,
    ],
    ['lacks a secret', ['web_addresses: [{ url: "https://a.example/" }]'], /secret_name is missing/],
    [
      'has a secret itself',
      ['web_addresses: [{ url: "https://a.example/", secret_name: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw }]'],
      /looks like a secret itself/,
    ],
    [
      'names an address twice',
      [
        'web_addresses:',
        '  - { url: "https://a.example/", secret_name: one }',
        '  - { url: "https://a.example/", secret_name: two }',
      ],
      /names an address twice/,
    ],
  ])('is refused if it %s', (_, lines, message) => {
    expect(faultLines(withEvents(...lines)).join('\n')).toMatch(message);
  });
});
