import { isFuture } from '../lib/core/polling/tick-window.ts';
import type { ConsoleContext, Snapshot } from './context.ts';
import { type Html, html } from './html.ts';

/** A tick comes every minute. */
const lateMs = 3 * 60_000;

/** Whether the house is awake; null when it is. */
export const tickWords = (
  { target }: ConsoleContext,
  { status: { lastTick, at }, words }: Snapshot,
): Html | null => {
  if (!target.isRunning)
    return html`<p class="notice bad">Nothing runs here now: you see what was left, and what you decide goes out once <code>${target.start}</code> runs again.</p>`;
  if (lastTick !== null && isFuture(lastTick, at))
    return html`<p class="notice bad">The last tick bears a time to come, ${words.time(lastTick)}, because a clock was wrong. The next tick puts it right.</p>`;
  if (lastTick !== null && at - lastTick <= lateMs) return null;
  return html`<p class="notice bad">No feed is being polled: the last tick was ${words.since(lastTick)}.</p>`;
};
