import { pollFeeds } from '../lib/jobs/poll/poll-feeds.ts';
import { scheduleHandler } from '../lib/lambda/schedule-handler.ts';
import { TickEvent } from '../lib/lambda/tick-event.ts';
import { pollFeedsServices } from '../lib/services/poll-feeds.ts';

export const handler = scheduleHandler(TickEvent, pollFeeds, pollFeedsServices);
