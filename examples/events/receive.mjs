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
    onNews(event);
    latest.set(event.subject, event.rev); // only once it is handled, so that a failed one is taken when it is sent again
    return true;
  };
};

/** An HTTP server: 204 once an event is taken, 401 for one that is not signed with the secret, 500 for a failure. */
export const receiver = (secret, take) => {
  const webhook = new Webhook(secret);
  return createServer(async (request, response) => {
    const body = await text(request);
    const answer = (status) => response.writeHead(status).end();
    let event;
    try {
      event = webhook.verify(body, request.headers);
    } catch {
      return answer(401);
    }
    try {
      take(event);
      answer(204);
    } catch (error) {
      process.stderr.write(`${error}\n`);
      answer(500); // it is sent again
    }
  });
};

if (import.meta.main) {
  const take = latestOnly(({ type, title, link, draft_id }) =>
    process.stdout.write(`${[type, title, link, draft_id].join(' ')}\n`),
  );
  receiver(process.env.EVENTS_SECRET, take).listen(8080, '127.0.0.1');
}
