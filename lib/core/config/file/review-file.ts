import * as v from 'valibot';
import { mustBe } from '../wrong-value.ts';
import { closedMap, flag, setting, wholeNumber } from './config-schema.ts';

/** Each of these entries takes a small row of the ledger, and all are read for every later entry. */
const mostFirst = 100;

const ReviewAsWritten = v.union(
  [flag, closedMap({ first: wholeNumber(1, mostFirst) })],
  mustBe('true, false or { first: 10 }', 'write one of them'),
);

/** Which new entries wait for approval; the same for feeds and webhooks. */
export const reviewEntries = {
  review: setting(
    ReviewAsWritten,
    'true: new entries wait until you approve them; { first: 10 }: only the first 10 of the feed. Default: false.',
  ),
};
