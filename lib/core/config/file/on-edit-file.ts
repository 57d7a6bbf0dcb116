import { picked, setting } from './config-schema.ts';

/** What happens when an article changes after its draft; the same for feeds and webhooks. */
export const onEditEntries = {
  on_edit: setting(
    picked('ignore', 'alert', 'update'),
    'When an article changes after its draft. ignore: nothing; alert: it is reported; update: the draft is changed too, where it still has what was sent. Default: alert.',
  ),
};
