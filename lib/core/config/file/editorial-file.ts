import * as v from 'valibot';
import { templateFaults } from '../../captions/template-values.ts';
import { leadMs } from '../../dash/timing.ts';
import { type At, type Editorial, noEditorial, utmFields } from '../../editorial/editorial.ts';
import { isObject } from '../../is-object.ts';
import { didYouMean } from '../did-you-mean.ts';
import { parseDuration } from '../duration.ts';
import { mustBe, shownValue } from '../wrong-value.ts';
import {
  closedMap,
  duration,
  pathTo,
  type RawCheck,
  section,
  setting,
  template,
  text,
  wholeNumber,
} from './config-schema.ts';
import { isTemplate } from './post-templates.ts';

// Each draft that counts towards a limit, and each taken slot, adds a few bytes to one row.
const maxADay = 500;
const maxSlots = 48;
const maxWords = 200;

const word = v.pipe(
  text('a text'),
  v.trim(),
  v.nonEmpty(mustBe('a text', 'write a word, or remove it')),
  v.maxLength(200, mustBe('a text of at most 200 characters', 'shorten it')),
);
const words = v.pipe(
  v.array(word, mustBe('a list', 'write it in brackets: [launch, drop]')),
  v.nonEmpty(mustBe('a list of at least one', 'name at least one, or remove the setting')),
  v.maxLength(maxWords, mustBe(`a list of at most ${maxWords}`, 'remove some')),
);

const time = /^([01]?\d|2[0-3]):([0-5]\d)$/;
const minutesOf = (written: string): number => {
  const [, hours, minutes] = time.exec(written) ?? [];
  return Number(hours) * 60 + Number(minutes);
};

const quietMessage = mustBe('two times of the day', 'write when it begins and ends: "22:00-07:00"');
const quietOf = (written: string) => {
  const [from = '', to = '', ...more] = written.split('-').map((part) => part.trim());
  const isQuiet = time.test(from) && time.test(to) && more.length === 0 && minutesOf(from) !== minutesOf(to);
  return isQuiet ? { from: minutesOf(from), to: minutesOf(to) } : null;
};
const Quiet = v.pipe(
  v.string(quietMessage),
  v.check((written) => quietOf(written) !== null, quietMessage),
);

const slotMessage = mustBe('a time of the day', 'write hours and minutes: "09:00"');
const Slots = v.pipe(
  v.array(
    v.pipe(v.string(slotMessage), v.regex(time, slotMessage)),
    mustBe('a list of times', 'write it in brackets: ["09:00", "17:30"]'),
  ),
  v.nonEmpty(mustBe('a list of at least one time', 'write one, or remove the setting')),
  v.maxLength(maxSlots, mustBe(`a list of at most ${maxSlots} times`, 'remove some')),
);

const after = (written: string) => (written.startsWith('+') ? parseDuration(written.slice(1)) : null);
const atFaults = (written: string): string[] => {
  const afterMs = after(written);
  if (written === 'next_slot' || (afterMs !== null && afterMs >= leadMs)) return [];
  if (isTemplate(written)) return templateFaults(written);
  const remedy = didYouMean(written, ['next_slot'])
    ? 'did you mean next_slot?'
    : 'write, for example, +2h or "{{ published }}"';
  return [
    `must be next_slot, a while from +5m to +365d, or a template that renders a date, not ${shownValue(written)}: ${remedy}`,
  ];
};
const When = v.pipe(
  text('a time'),
  v.rawCheck(({ dataset, addIssue }) => {
    if (dataset.typed) for (const message of atFaults(dataset.value)) addIssue({ message });
  }),
);

const Only = closedMap({
  keywords: setting(words, 'At least one must be in title, summary or content: whole words, any case.'),
  categories: setting(words, 'The entry must have at least one of these.'),
  newer_than: setting(duration, 'Entries older than this are left out.'),
});
const Skip = closedMap({
  keywords: setting(words, 'Entries with one of these in title, summary or content are left out.'),
  categories: setting(words, 'Entries with one of these are left out.'),
  authors: setting(words, 'Entries by these authors are left out.'),
});
const Limits = closedMap({
  per_day: setting(wholeNumber(1, maxADay), "Maximum drafts per day, in the feed's time zone."),
  per_hour: setting(wholeNumber(1, maxADay), 'Maximum drafts per hour.'),
  quiet: setting(Quiet, 'Hours without drafts, such as "22:00-07:00".'),
});
const UtmAsWritten = closedMap(
  Object.fromEntries(utmFields.map((name) => [name, v.optional(template)])) as Record<
    (typeof utmFields)[number],
    v.OptionalSchema<typeof template, undefined>
  >,
);

/** The editorial settings, allowed in `defaults`, in each feed and in a webhook without a feed. */
export const editorialEntries = {
  only: setting(Only, 'Which entries become drafts. Default: all.'),
  skip: setting(Skip, 'Which entries are left out. Default: none.'),
  limits: setting(Limits, 'How many drafts, and when; the rest wait, oldest first.'),
  at: setting(
    When,
    'Time of the draft in the calendar: next_slot, a delay such as +2h, or a template that renders a date.',
  ),
  slots: setting(Slots, "Times of day for at: next_slot, in the feed's time zone."),
  utm: setting(UtmAsWritten, "Added to the entry's link in templates; each may be a template."),
};

const Written = v.object(editorialEntries);
type EditorialAsWritten = v.InferOutput<typeof Written>;

const atOf = ({ at, slots = [] }: EditorialAsWritten): At | null => {
  if (at === undefined) return null;
  if (at === 'next_slot')
    return { kind: 'slot', slots: [...new Set(slots.map(minutesOf))].sort((a, b) => a - b) };
  const ms = after(at);
  return ms === null ? { kind: 'template', template: at } : { kind: 'after', ms };
};

/** The editorial settings of a feed, merged with the defaults. */
export const resolveEditorial = (written: EditorialAsWritten): Editorial => {
  const { only = {}, skip = {}, limits = {}, utm } = written;
  const { newer_than: newerThan } = only;
  return {
    rules: {
      only: {
        ...noEditorial.rules.only,
        keywords: only.keywords ?? [],
        categories: only.categories ?? [],
        newerThanMs: newerThan === undefined ? null : parseDuration(newerThan),
      },
      skip: {
        keywords: skip.keywords ?? [],
        categories: skip.categories ?? [],
        authors: skip.authors ?? [],
      },
    },
    limits: {
      perDay: limits.per_day ?? null,
      perHour: limits.per_hour ?? null,
      quiet: limits.quiet === undefined ? null : quietOf(limits.quiet),
    },
    at: atOf(written),
    utm: utm && Object.keys(utm).length > 0 ? utm : null,
  };
};

type Fault = { path: (string | number)[]; message: string; origin?: 'key' };

const faultsOf = (defaults: Record<string, unknown>, layer: Record<string, unknown>): Fault[] => {
  const [at, slots] = [layer.at ?? defaults.at, layer.slots ?? defaults.slots];
  const path = layer.at === undefined ? [] : ['at'];
  const timestamp = section(layer, 'post').timestamp ?? section(defaults, 'post').timestamp;
  return [
    ...(at === 'next_slot' && slots === undefined
      ? [{ path, message: 'is next_slot, but there are no slots: give it slots: ["09:00", "17:30"]' }]
      : []),
    ...(at !== 'next_slot' && layer.slots !== undefined
      ? [
          {
            path: ['slots'],
            message: 'are only used by at: next_slot: add that, or remove them',
            origin: 'key' as const,
          },
        ]
      : []),
    ...(at !== undefined && timestamp !== undefined
      ? [{ path, message: 'sets the time, and so does post.timestamp: keep one of them' }]
      : []),
    ...(at !== undefined && layer.publish === 'now'
      ? [{ path, message: 'sets a time, but publish: now goes public at once: keep one of them' }]
      : []),
  ];
};

/** Checks over the whole file for settings that require another, including those in `defaults`. */
export const editorialFits: RawCheck = ({ dataset: { value: file }, addIssue }) => {
  const defaults = section(file, 'defaults');
  for (const name of ['feeds', 'webhooks']) {
    for (const [id, layer] of Object.entries(section(file, name))) {
      if (!isObject(layer) || (name === 'webhooks' && layer.feed !== undefined)) continue;
      for (const { path, message, origin } of faultsOf(defaults, layer))
        addIssue({ message, path: pathTo([name, id, ...path], origin) });
    }
  }
};
