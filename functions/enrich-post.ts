import { WakeUp } from '../lib/core/polling/feed-message.ts';
import { enrichPost } from '../lib/jobs/enrich/enrich-post.ts';
import { queueHandler } from '../lib/lambda/queue-handler.ts';
import { enrichPostServices } from '../lib/services/enrich-post.ts';

export const handler = queueHandler(WakeUp, enrichPost, enrichPostServices, { together: true });
