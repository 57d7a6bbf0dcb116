import type { AlertKind } from './alerts/alert-row.ts';
import type { CircuitReason, CircuitScope } from './circuit/circuit-row.ts';
import type { Counts } from './polling/feed-row.ts';
import type { IgnoredReason } from './webhooks/webhook.ts';

/** Everything that is worth a log line or a metric, by the name it carries in both. */
export type AppEvent =
  | { event: 'tick.done'; due: number; messages: number }
  | { event: 'sweep.done'; woken: number; expiredLeases: number; oldestWaitingMs: number | null }
  /** A tick, or the one before it, bears a time that is still to come: a clock was wrong. It is taken for another. */
  | { event: 'tick.from-future'; at: number; takenFor: number }
  /** There was no time to renew what leads to so many rows that wait for long, or to find them; the next tick goes on. */
  | { event: 'renewal.unfinished'; rows: number }
  /** `status`: what the server answered; 200 with the very bytes of last time is unchanged too. `bytes`: of the document, decoded. */
  | { event: 'poll.unchanged'; feed: string; status: 304 | 200; bytes: number }
  | { event: 'poll.changed'; feed: string; counts: Counts; unsettled: number; bytes: number }
  | { event: 'entry.unsettled'; feed: string; code: string; message: string }
  | { event: 'poll.failed'; feed: string; code: string; message: string; failures: number; nextAt: number }
  | { event: 'poll.recovered'; feed: string }
  /** Failing for a day, or often in a row, or gone for good: told once, as is that it works again. */
  | { event: 'feed.failing'; feed: string; code: string; message: string; since: number; failures: number }
  | { event: 'feed.working'; feed: string; code: string; since: number; failures: number }
  /** It has moved for good, its server said for days: it is asked there from now on. */
  | { event: 'poll.moved'; feed: string; to: string }
  /** Left out this time for the sake of its host. */
  | { event: 'poll.deferred'; feed: string; code: string; message: string; until: number }
  /** Its server answers 304 although it has news: until then it is asked without validators. */
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
      /** Since the entry was published; null when its feed does not say when that was. */
      delayMs: number | null;
    }
  /** Its outcome is known, and could not be written onto its row while lease and invocation lasted. */
  | {
      event: 'draft.unwritten';
      key: string;
      feed: string;
      brand: number;
      outcome: string;
      postId: number | null;
      message: string;
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
      found: 'found' | 'absent' | 'cannot-tell';
    }
  | { event: 'draft.held'; key: string; feed: string; brand: number; code: string }
  | {
      event: 'webhook.admitted';
      source: string;
      feed: string;
      key: string;
      outcome: 'known' | 'queued' | 'held' | 'filtered' | 'baselined';
      code: string;
    }
  | { event: 'webhook.ignored'; source: string; reason: IgnoredReason }
  | { event: 'webhook.refused'; source: string | null; status: number; code: string; message: string }
  | { event: 'webhook.failed'; source: string | null; status: number; code: string }
  | { event: 'webhook.no-secret'; source: string; names: string[] }
  | { event: 'webhook.not-woken'; source: string; key: string; code: string; message: string }
  | { event: 'webhook.not-noted'; source: string; code: string; message: string }
  /** The secret could not be read for a moment: the token in hand is used on. */
  | { event: 'token.kept'; code: string; message: string }
  | { event: 'circuit.opened'; scope: CircuitScope; reason: CircuitReason; until: number | null }
  | { event: 'circuit.closed'; scope: CircuitScope }
  | {
      event: 'alert.told';
      alert: string;
      kind: AlertKind;
      state: 'began' | 'over';
      text: string;
      command: string;
    }
  | { event: 'alert.failed'; channel: string; alerts: number; code: string; message: string }
  | { event: 'row.corrupt'; key: string; message: string };

/** Takes news; never throws, never waits. */
export type Report = (news: AppEvent) => void;
