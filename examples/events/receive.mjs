// Receives the events of rss-drafts at a web address: verifies each, and ignores what is repeated or older.
// Needs `npm install standardwebhooks`. Run it: EVENTS_SECRET=… node receive.mjs
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

/**
 * Keeps the last event of each subject. Events are sent at least once and in no order, so one whose `rev` is not above
 * the last one is dropped. A real consumer keeps this in its database, and compares and stores in one transaction.
 */
export const latestOnly = (onNews) => {
  const latest = new Map();
  return (event) => {
    if (event.rev <= (latest.get(event.subject) ?? 0)) return false;
    latest.set(event.subject, event.rev);
    onNews(event);
    return true;
  };
};

/** An HTTP server: 204 once an event is taken, 401 for one that is not signed with the secret. */
export const receiver = (secret, take) => {
  const webhook = new Webhook(secret);
  return createServer(async (request, response) => {
    const body = await text(request);
    try {
      take(webhook.verify(body, request.headers));
      response.writeHead(204).end();
    } catch {
      response.writeHead(401).end();
    }
  });
};

if (import.meta.main) {
  const take = latestOnly(({ type, title, link, draft_id }) =>
    process.stdout.write(`${[type, title, link, draft_id].join(' ')}\n`),
  );
  receiver(process.env.EVENTS_SECRET, take).listen(8080, '127.0.0.1');
}
