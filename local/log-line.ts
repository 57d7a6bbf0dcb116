import * as v from 'valibot';
import type { AppEvent } from '../lib/core/events.ts';

const Line = v.object({
  level: v.string(),
  message: v.string(),
  data: v.optional(v.record(v.string(), v.unknown())),
});
const Failure = v.object({
  level: v.picklist(['ERROR', 'CRITICAL']),
  message: v.string(),
  error: v.object({ name: v.string(), message: v.string() }),
});

/** The part of a log line that the terminal shows: an event, or an error that a job threw. */
type LogLine = { news: AppEvent } | { failure: { code: string; message: string } } | null;

/** Reads one line of a function's log. The file contains all of them; those that are not shown give null. */
export function readLogLine(line: string): LogLine {
  const json = parsed(line);
  if (v.is(Failure, json)) return { failure: { code: json.message, message: json.error.message } };
  if (!v.is(Line, json) || !json.data || !isNews(json.message)) return null;
  return { news: { event: json.message, ...json.data } as AppEvent };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

const kinds = ['tick.', 'poll.', 'draft.', 'webhook.', 'circuit.', 'alert.', 'row.'];
const isNews = (message: string) => kinds.some((kind) => message.startsWith(kind));
