import type { Health } from '../lib/jobs/operator/read-health.ts';
import type { Page } from './page.ts';

/** Feeds that are named; more are counted. */
const maxNamed = 5;

/** A host that asked for a pause, until when, and its feeds that wait. */
export const hostText = (page: Page, { host, until, feeds }: Health['hostBackOffs'][number]): string => {
  const more = feeds.length - maxNamed;
  const names = `${feeds.slice(0, maxNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `${host} asked for a pause until ${page.time(until)}; waiting: ${names || 'no feed'}`;
};
