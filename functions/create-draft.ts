import { WakeUp } from '../lib/core/polling/feed-message.ts';
import { createDraft } from '../lib/jobs/draft/create-draft.ts';
import { queueHandler } from '../lib/lambda/queue-handler.ts';
import { createDraftServices } from '../lib/services/create-draft.ts';

export const handler = queueHandler(WakeUp, createDraft, createDraftServices, { together: true });
