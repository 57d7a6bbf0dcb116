import { Delivery } from '../lib/core/change-events/delivery.ts';
import { deliverEvent } from '../lib/jobs/events/deliver-event.ts';
import { queueHandler } from '../lib/lambda/queue-handler.ts';
import { deliverEventsServices } from '../lib/services/deliver-events.ts';

export const handler = queueHandler(Delivery, deliverEvent, deliverEventsServices, { together: true });
