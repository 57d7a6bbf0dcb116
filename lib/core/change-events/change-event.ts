import * as v from 'valibot';
import { states } from '../ledger/row.ts';

/** Incremented when a field changes its meaning or is removed; new fields do not change it. */
const schemaVersion = 1 as const;

const described = <T extends v.GenericSchema>(schema: T, text: string) => v.pipe(schema, v.description(text));
const Text = v.string();
const TextOrNull = v.nullable(v.string());

const common = {
  schema_version: v.literal(schemaVersion),
  id: described(Text, 'Identifies the event: `subject` and `rev`. The same each time the event is sent.'),
  time: described(v.pipe(Text, v.isoTimestamp()), 'When the change was made, in UTC.'),
  subject: described(
    Text,
    'What changed, for its whole life. An entry that is deleted and comes back is another subject.',
  ),
  rev: described(
    v.pipe(v.number(), v.integer(), v.minValue(1)),
    'Rises with each change of the subject. Ignore an event whose rev is not above the last one of its subject.',
  ),
  reason: described(Text, 'Code of the reason, such as `draft.created`.'),
  replay: described(
    v.boolean(),
    'true: sent by `events replay --since`; the state of that moment, without what came before.',
  ),
  stage: described(Text, 'The deployed stage, such as `prod`; `prod` on one machine.'),
};

/** The state that something is in, the one that it was in before, and all that it passed in the same change. */
const progress = <const T extends readonly string[]>(names: T) => ({
  state: v.picklist(names),
  previous_state: described(v.nullable(v.picklist(names)), 'null: it is new, or this is a replay.'),
  states: described(
    v.pipe(v.array(v.picklist(names)), v.minLength(1)),
    'Every state passed in this change, in order; the last is `state`.',
  ),
});

const typesOf = <const A extends string, const T extends readonly string[]>(area: A, names: T) =>
  v.picklist(names.map((name) => `${area}.${name}` as const) as `${A}.${T[number]}`[]);

/** As made from a row; the stage is added when it is sent. */
type Unsent<T extends v.GenericSchema> = Omit<v.InferOutput<T>, 'stage'>;

const EntryEvent = v.object({
  type: typesOf('entry', states),
  ...common,
  ...progress(states),
  entry: described(Text, 'Key of the entry, as in `explain` and the console.'),
  feed: described(Text, 'ID of the feed or webhook in feeds.yml.'),
  brand: v.number(),
  title: TextOrNull,
  link: TextOrNull,
  draft_id: described(v.nullable(v.number()), 'ID of the draft in Dash Social, once it is known.'),
});
export type EntryEvent = Unsent<typeof EntryEvent>;

const feedStates = ['failing', 'working'] as const;
const FeedEvent = v.object({
  type: typesOf('feed', feedStates),
  ...common,
  ...progress(feedStates),
  feed: described(Text, 'ID of the feed in feeds.yml.'),
});
export type FeedEvent = Unsent<typeof FeedEvent>;

/** As in the log: an open circuit stops posting. */
const circuitStates = ['opened', 'closed'] as const;
const CircuitEvent = v.object({
  type: typesOf('circuit', circuitStates),
  ...common,
  ...progress(circuitStates),
  scope: described(Text, 'What is not posted: `all`, `brand/ID` or `feed/ID`.'),
  by: described(v.picklist(['machine', 'person']), 'person: paused by hand, which only a person ends.'),
});
export type CircuitEvent = Unsent<typeof CircuitEvent>;

/** A change of state, as it is sent to other programs. Holds IDs, title, link and reason; never content or secrets. */
export const ChangeEvent = v.variant('type', [EntryEvent, FeedEvent, CircuitEvent]);
export type ChangeEvent = v.InferOutput<typeof ChangeEvent>;

/** The event as a stage sends it. */
export const sentFrom = (event: EntryEvent | FeedEvent | CircuitEvent, stage: string): ChangeEvent =>
  ({ ...event, stage }) as ChangeEvent;

type Facts = { subject: string; rev: number; at: number; reason: string; replay?: boolean };

/** The fields that all events have. */
export const commonFields = ({ subject, rev, at, reason, replay = false }: Facts) => ({
  schema_version: schemaVersion,
  id: `${subject}#${rev}`,
  time: new Date(at).toISOString(),
  subject,
  rev,
  reason,
  replay,
});
