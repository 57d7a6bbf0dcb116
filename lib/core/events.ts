import type { AlertKind } from './alerts/alert-row.ts';
import type { CircuitReason, CircuitScope } from './circuit/circuit-row.ts';
import type { Counts } from './polling/feed-row.ts';
import type { IgnoredReason } from './webhooks/webhook.ts';

/** Everything logged or measured, under the name used in both. */
export type AppEvent =
  | { event: 'tick.done'; due: number; messages: number }
  | { event: 'sweep.done'; woken: number; expiredLeases: number; oldestWaitingMs: number | null }
  /**
   * The time of this or the previous tick is in the future, because a clock was wrong; another time is used instead.
   */
  | { event: 'tick.from-future'; at: number; takenFor: number }
  /** There was no time to find or renew all that leads to long-waiting rows; the next tick continues. */
  | { event: 'renewal.unfinished'; rows: number }
  /**
   * `status`: the server's response; 200 with the same bytes as last time counts as unchanged. `bytes`: of the decoded
   * document.
   */
  | { event: 'poll.unchanged'; feed: string; status: 304 | 200; bytes: number }
  | { event: 'poll.changed'; feed: string; counts: Counts; unsettled: number; bytes: number }
  | { event: 'entry.unsettled'; feed: string; code: string; message: string }
  | { event: 'poll.failed'; feed: string; code: string; message: string; failures: number; nextAt: number }
  | { event: 'poll.recovered'; feed: string }
  /** Failing for a day, or often in a row, or gone permanently; reported once, as is its recovery. */
  | { event: 'feed.failing'; feed: string; code: string; message: string; since: number; failures: number }
  | { event: 'feed.working'; feed: string; code: string; since: number; failures: number }
  /** Its server has redirected permanently for days; from now on the new address is polled. */
  | { event: 'poll.moved'; feed: string; to: string }
  /** Deferred because of its host. */
  | { event: 'poll.deferred'; feed: string; code: string; message: string; until: number }
  /** Its server responds 304 although there are new entries; until then no validators are sent. */
  | { event: 'poll.wrong-304'; feed: string; until: number }
  | { event: 'poll.overtaken'; feed: string }
  | { event: 'poll.count-mismatch'; feed: string; counts: Counts; unsettled: number }
  | { event: 'poll.gap'; feed: string }
  | { event: 'poll.batch-held'; feed: string; batch: string; entries: number }
  | {
      event: 'draft.created';
      key: string;
      feed: string;
      brand: number;
      postId: number | null;
      /** Since the entry was published; null if its feed does not state when. */
      delayMs: number | null;
    }
  /** Its outcome is known, but could not be written to its row before the lease or invocation ended. */
  | {
      event: 'draft.unwritten';
      key: string;
      feed: string;
      brand: number;
      outcome: string;
      postId: number | null;
      message: string;
    }
  /** A hook was asked once; `unusable`: it gave no answer, or none that can be used. */
  | {
      event: 'hook.asked';
      key: string;
      feed: string;
      brand: number;
      outcome: 'answered' | 'skipped' | 'unusable';
      tookMs: number;
    }
  | { event: 'draft.withheld'; key: string; feed: string; brand: number }
  | { event: 'draft.rejected'; key: string; feed: string; brand: number; message: string }
  | { event: 'draft.uncertain'; key: string; feed: string; brand: number; code: string; message: string }
  | {
      event: 'draft.deferred';
      key: string;
      feed: string;
      brand: number;
      code: string;
      message: string;
      dueAt: number;
    }
  | {
      event: 'draft.looked-up';
      key: string;
      feed: string;
      brand: number;
      found: 'found' | 'absent' | 'later' | 'inconclusive';
    }
  /** The video of a post that goes public could not be checked; it is sent. */
  | {
      event: 'draft.media-unchecked';
      key: string;
      feed: string;
      brand: number;
      code: string;
      message: string;
    }
  /** An article changed after its entry was registered; its later version is in the row. */
  | { event: 'article.changed'; key: string; feed: string; brand: number }
  /** The draft of an article that changed: changed too, left to you, or tried again later. */
  | {
      event: 'draft.updated';
      key: string;
      feed: string;
      brand: number;
      result: 'done' | 'not-possible' | 'later';
    }
  | { event: 'draft.held'; key: string; feed: string; brand: number; code: string }
  | {
      event: 'webhook.registered';
      source: string;
      feed: string;
      key: string;
      outcome: 'known' | 'queued' | 'review' | 'held' | 'filtered' | 'baselined';
      code: string;
    }
  | { event: 'webhook.ignored'; source: string; reason: IgnoredReason }
  | { event: 'webhook.refused'; source: string | null; status: number; code: string; message: string }
  | { event: 'webhook.failed'; source: string | null; status: number; code: string }
  | { event: 'webhook.no-secret'; source: string; names: string[] }
  | { event: 'webhook.not-woken'; source: string; key: string; code: string; message: string }
  | { event: 'webhook.not-recorded'; source: string; code: string; message: string }
  /** The secret could temporarily not be read; the current token stays in use. */
  | { event: 'token.kept'; code: string; message: string }
  | { event: 'circuit.opened'; scope: CircuitScope; reason: CircuitReason; until: number | null }
  | { event: 'circuit.closed'; scope: CircuitScope }
  | {
      event: 'alert.sent';
      alert: string;
      kind: AlertKind;
      state: 'began' | 'over';
      text: string;
      command: string | null;
    }
  | { event: 'alert.failed'; channel: string; alerts: number; code: string; message: string }
  /** Handed on: to the event bus, and for web addresses to the deliveries queue. */
  | { event: 'events.sent'; events: number; deliveries: number }
  /** The event bus did not take events, which are queued and sent again. */
  | { event: 'events.bus-failed'; events: number; code: string }
  /** `to`: the host of a web address, or the event bus. */
  | {
      event: 'event.not-delivered';
      id: string;
      to: string;
      code: string;
      message: string;
      tries: number;
      nextAt: number;
    }
  /** After three days; a dead letter holds it. */
  | { event: 'event.given-up'; id: string; to: string; code: string; message: string }
  | { event: 'row.corrupt'; key: string; message: string };

/** Records an event; never throws, never waits. */
export type Report = (event: AppEvent) => void;
