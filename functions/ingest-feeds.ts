import { FeedsMessage } from '../lib/core/polling/feed-message.ts';
import { ingestFeeds } from '../lib/jobs/ingest/ingest-feeds.ts';
import { queueHandler } from '../lib/lambda/queue-handler.ts';
import { ingestFeedsServices } from '../lib/services/ingest-feeds.ts';

export const handler = queueHandler(FeedsMessage, ingestFeeds, ingestFeedsServices);
