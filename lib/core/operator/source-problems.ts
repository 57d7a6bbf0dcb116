import { toType } from './cli-hints.ts';
import { type Found, type HealthFacts, none } from './health-facts.ts';
import { works } from './posting-problems.ts';
import { afterStart } from './stop-end.ts';

/** A delivery refused longer ago was probably a test. */
const refusedCountsMs = 7 * 86_400_000;

/** A feed that failed this often in a row is unlikely to recover on its own. */
const failsForLong = 3;

const goneRemedy = 'Its `url` in feeds.yml must be corrected, or the feed removed.';
const checkUrl = 'If it keeps failing, its `url` in feeds.yml must be checked.';

/** Feeds that cannot be read. */
export const failing = (facts: HealthFacts): Found[] => {
  const isWorking = works(facts);
  const again = isWorking ? 'It is polled again automatically.' : afterStart;
  return facts.feeds.flatMap(({ id, health, trouble }) => {
    if (health !== 'failing' && health !== 'gone') return [];
    const isGone = health === 'gone';
    return [
      {
        ...none,
        kind: 'feed-failing' as const,
        group: isGone || (trouble?.failures ?? 0) >= failsForLong ? 'needs-you' : 'resolves-itself',
        subject: `feed/${id}`,
        since: trouble?.since ?? null,
        lastTriedAt: trouble?.lastAt ?? null,
        nextAt: isGone || !isWorking ? null : (trouble?.nextAt ?? null),
        cause: isGone
          ? 'Its server reports that the feed is gone (410).'
          : (trouble?.message ?? 'Its last poll failed.'),
        effect: `No new entries arrive from feed ${id}.`,
        remedy: isGone ? goneRemedy : `${again} ${checkUrl}`,
      },
    ];
  });
};

/** Webhooks whose latest deliveries were refused or failed. */
export const refused = ({ webhooks, now, where }: HealthFacts): Found[] =>
  webhooks.flatMap(({ id, secretNames, refused: latest, why }) => {
    if (latest === null || now - latest.at > refusedCountsMs) return [];
    const store = secretNames.map((name) => `\`${toType(`secret set ${name}`, where)}\``).join(' or ');
    return [
      {
        ...none,
        kind: 'deliveries-refused' as const,
        subject: `webhook/${id}`,
        since: latest.since,
        lastTriedAt: latest.at,
        count: latest.times,
        cause: why,
        effect: `Deliveries to webhook ${id} are ${latest.outcome}, and make no draft.`,
        remedy: `${store === '' ? 'Correct' : `Store the secret of the content system with ${store}, or correct`} the setting that the reason names.`,
      },
    ];
  });
