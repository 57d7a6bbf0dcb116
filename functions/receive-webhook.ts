import { receiveWebhook } from '../lib/jobs/webhook/receive-webhook.ts';
import { httpHandler } from '../lib/lambda/http-handler.ts';
import { receiveWebhookServices } from '../lib/services/receive-webhook.ts';

export const handler = httpHandler(receiveWebhook, receiveWebhookServices);
