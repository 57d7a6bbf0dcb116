import * as v from 'valibot';
import { isObject } from '../../is-object.ts';
import type { EventsConfig } from '../config.ts';
import { SecretNames } from '../secret-name.ts';
import { must, mustBe } from '../wrong-value.ts';
import { closedMap, flag, type RawCheck, setting } from './config-schema.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
const busForm = /^(?:arn:aws[a-z-]*:events:[a-z]{2}(?:-[a-z]+)+-\d:\d{12}:event-bus\/)?[\w./-]{1,256}$/;
const busMessage = mustBe(
  'the name or ARN of an event bus',
  'write for example default, or arn:aws:events:eu-central-1:123456789012:event-bus/news',
);
const EventBus = v.pipe(v.string(busMessage), v.regex(busForm, busMessage));

const loopback = ['127.0.0.1', 'localhost'];

const isSafeAddress = (text: string): boolean => {
  const url = URL.parse(text);
  if (url === null || /[\s#]/.test(text)) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.includes(url.hostname));
};

const urlMessage = must('a web address', 'write it in full, beginning with https://');
const WebUrl = v.pipe(
  v.string(urlMessage),
  v.maxLength(2_048, must('a web address', 'use one of at most 2,048 characters')),
  v.check(isSafeAddress, urlMessage),
  v.check(
    (text) => !(URL.parse(text)?.username || URL.parse(text)?.password),
    'contains a user name or a password: remove it; the signature shows who sent an event',
  ),
);

const WebAddress = closedMap({
  url: v.pipe(WebUrl, v.description('Where each event is posted: https, or http on this machine.')),
  secret_name: v.pipe(
    SecretNames,
    v.description('Name of the secret that signs the events; a list of two while you rotate it.'),
  ),
});

const WebAddresses = v.pipe(
  v.array(WebAddress, must('a list of web addresses', 'write a dash, url and secret_name for each')),
  v.maxLength(
    10,
    'has more than 10 addresses: send to an event bus, or to one address that passes events on',
  ),
  v.check(
    (addresses) => new Set(addresses.map(({ url }) => url)).size === addresses.length,
    'names an address twice: remove one',
  ),
);

const sendsSomewhere: RawCheck = ({ dataset: { value }, addIssue }) => {
  if (!isObject(value) || value.event_bus !== undefined) return;
  if (Array.isArray(value.web_addresses) ? value.web_addresses.length > 0 : value.web_addresses !== undefined)
    return;
  addIssue({ message: 'are sent nowhere: add event_bus or web_addresses' });
};

/** `events:` of feeds.yml. */
export const EventsSection = v.pipe(
  closedMap({
    event_bus: setting(EventBus, 'Name or ARN of an Amazon EventBridge bus that gets each event.'),
    web_addresses: setting(
      WebAddresses,
      'Addresses that each event is posted to, signed; url and secret_name of each.',
    ),
    allow_private: setting(flag, 'true: these addresses may be private. Default: false.'),
  }),
  v.rawCheck(sendsSomewhere),
);

type AddressAsWritten = { url: string; secret_name: string | string[] };

/** The complete settings from `events:`. */
export const resolveEvents = (written: v.InferOutput<typeof EventsSection>): EventsConfig => ({
  eventBus: written.event_bus ?? null,
  webAddresses: (written.web_addresses ?? []).map(({ url, secret_name }: AddressAsWritten) => ({
    url,
    secretNames: [secret_name].flat(),
  })),
  allowPrivate: written.allow_private ?? false,
});
