import { sendEvents } from '../lib/jobs/events/send-events.ts';
import { streamHandler } from '../lib/lambda/stream-handler.ts';
import { sendEventsServices } from '../lib/services/send-events.ts';

export const handler = streamHandler(sendEvents, sendEventsServices);
