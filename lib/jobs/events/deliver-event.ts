import { backOffMs } from '../../core/backoff.ts';
import { type Delivery, deliverForMs, deliveryBackOff } from '../../core/change-events/delivery.ts';
import type { EventsConfig } from '../../core/config/config.ts';
import { AppError, misconfigured, retryable } from '../../core/errors.ts';
import type {
  Clock,
  HideMessage,
  Invocation,
  PostEvent,
  PutEvents,
  SecretByName,
  SendDeliveries,
} from '../../core/ports.ts';

/** Signs a message for a web address; throws config AppError for a secret that cannot be used. */
type Sign = (
  message: { id: string; body: string; at: number },
  secrets: readonly string[],
) => Record<string, string>;

export type DeliverEventDeps = {
  events: Pick<EventsConfig, 'webAddresses'>;
  putEvents: PutEvents | null;
  postEvent: PostEvent;
  secret: SecretByName;
  sign: Sign;
  hideMessage: HideMessage;
  sendDeadLetters: SendDeliveries;
  clock: Clock;
  random: () => number;
};

/** A delivery as received. `receipt`: names the message while it is being processed. `sentAt`: when it was queued, in epoch milliseconds. */
type ReceivedDelivery = Delivery & { receiveCount: number; sentAt: number; receipt: string };

/**
 * Delivers one event to one destination. One that fails is hidden for a time that doubles, so that it delays no other,
 * and becomes a dead letter after three days. An address that is no longer in feeds.yml gets nothing.
 * May deliver twice. `again`: it stays in the queue.
 */
export const deliverEvent =
  (deps: DeliverEventDeps) =>
  async (received: ReceivedDelivery, invocation: Invocation): Promise<'again' | undefined> => {
    const { to, event } = received;
    try {
      await deliver(deps, { to, event });
      return undefined;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return tryLater(deps, received, error, invocation);
    }
  };

const deliver = async (deps: DeliverEventDeps, { to, event }: Delivery): Promise<void> => {
  if (to === null) return putOnBus(deps, event);
  const address = deps.events.webAddresses.find(({ url }) => url === to);
  if (address === undefined) return;
  const body = JSON.stringify(event);
  const secrets = await secretsOf(deps, address.secretNames);
  const headers = deps.sign({ id: event.id, body, at: deps.clock() }, secrets);
  await deps.postEvent(to, body, headers);
};

const putOnBus = async ({ putEvents }: DeliverEventDeps, event: Delivery['event']): Promise<void> => {
  const left = (await putEvents?.([event])) ?? [];
  if (left.length > 0) throw retryable('event-bus.refused', 'The event bus did not take the event');
};

const secretsOf = async ({ secret }: DeliverEventDeps, names: readonly string[]): Promise<string[]> => {
  const values = await Promise.all(names.map((name) => secret(name)));
  const stored = values.filter((value): value is string => value !== null);
  if (stored.length > 0) return stored;
  throw misconfigured(
    'event.no-secret',
    `No secret ${names.join(' or ')} is stored, so events cannot be signed. Store it with secret set`,
  );
};

const destination = (to: string | null): string => (to === null ? 'event bus' : new URL(to).host);

const tryLater = async (
  deps: DeliverEventDeps,
  { to, event, receiveCount, sentAt, receipt }: ReceivedDelivery,
  { code, message }: AppError,
  { report }: Invocation,
): Promise<'again' | undefined> => {
  const now = deps.clock();
  const leftMs = sentAt + deliverForMs - now;
  const waitMs = Math.min(leftMs, backOffMs(receiveCount - 1, deliveryBackOff, deps.random()));
  const about = { id: event.id, to: destination(to), code, message };
  if (leftMs <= 0) {
    await deps.sendDeadLetters([{ to, event }]);
    report({ event: 'event.given-up', ...about });
    return undefined;
  }
  await deps.hideMessage(receipt, waitMs);
  report({ event: 'event.not-delivered', ...about, tries: receiveCount, nextAt: now + waitMs });
  return 'again';
};
