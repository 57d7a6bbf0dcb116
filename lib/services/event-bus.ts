import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { eventBridge } from '../adapters/aws/event-bus.ts';
import type { EventsConfig } from '../core/config/config.ts';
import { once } from '../core/once.ts';
import type { PutEvents } from '../core/ports.ts';
import { clientTimeouts } from './aws-client-config.ts';

const busClient = once(() => new EventBridgeClient(clientTimeouts));

/** The event bus of feeds.yml; null if there is none, as on one machine. */
export const eventBusOf = (
  { eventBus }: Pick<EventsConfig, 'eventBus'>,
  { isLocal }: { isLocal: boolean },
): PutEvents | null =>
  eventBus === null || isLocal ? null : eventBridge({ client: busClient(), bus: eventBus });
