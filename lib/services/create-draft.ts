import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { dashMedia, noMedia } from '../adapters/dash-social/dash-media.ts';
import { noRecentPosts } from '../adapters/dash-social/dash-recent-posts.ts';
import { dashRequests } from '../adapters/dash-social/dash-requests.ts';
import { turns } from '../adapters/turns.ts';
import type { Config } from '../core/config/config.ts';
import type { ReadMedium } from '../core/dash/medium.ts';
import { leaseMs, mediumCheckMs, mediumTimeouts } from '../core/dash/timing.ts';
import type { Report } from '../core/events.ts';
import type { TokenSource } from '../core/ports.ts';
import { readSettings } from '../settings.ts';
import { dashAtStage } from './dash.ts';
import { packedFeeds } from './feeds-file.ts';
import { alertsIn, stores } from './stores.ts';
import { userAgent } from './user-agent.ts';

const needed = [
  'feedsTable',
  'ledgerTable',
  'dashSecretId',
  'dashUrl',
  'dashLibraryUrl',
  'dashRatePerMinute',
  'draftWorkers',
  'feedsFile',
] as const;

/**
 * How many create-draft functions run concurrently: the drafts mapping's MaximumConcurrency. Each has its share of
 * the rate limit.
 */
export const draftWorkers = 2;

/** Time reserved after a turn: a check of the video, claim, POST, a retry after a refused token, settling until the lease ends. */
export const reserveMs = mediumCheckMs + leaseMs + 10_000;

type LibrarySettings = { dashUrl: string | undefined; dashLibraryUrl: string | undefined };

const mediaReader = (
  token: TokenSource | null,
  { dashUrl, dashLibraryUrl }: LibrarySettings,
  { checkMedia }: Config['dash'],
): ReadMedium =>
  token === null || checkMedia === false
    ? noMedia
    : dashMedia({
        token,
        send: dashRequests({ clock: Date.now, userAgent, ...mediumTimeouts }),
        ...(dashUrl !== undefined && { baseUrl: dashUrl }),
        ...(dashLibraryUrl !== undefined && { libraryUrl: dashLibraryUrl }),
      });

/** The dependencies of create-draft, from its environment. Throws config `config.*`. */
export const createDraftServices = (report: Report) => {
  const settings = readSettings(process.env, needed);
  const config = packedFeeds(settings.feedsFile);
  const { ledger, circuits, quotas, latestDrafts } = stores(settings, report);
  const { dash, token, readyToken, listRecentPosts, drafts } = dashAtStage(settings, config, report);
  const workers = settings.draftWorkers ?? draftWorkers;
  const perMinute = settings.dashRatePerMinute ?? config.dash.ratePerMinute;
  return {
    config,
    ledger,
    circuits,
    quotas,
    latestDrafts,
    alerts: alertsIn(settings, report),
    announces: config.deliver === 'dash' && (config.alerts?.drafts ?? false),
    dash,
    drafts,
    listRecentPosts: config.dash.lookUp ? listRecentPosts : noRecentPosts,
    readMedium: mediaReader(token, settings, config.dash),
    readyToken,
    ...turns({ perMinute, workers, reserveMs, clock: Date.now, sleep }),
    clock: Date.now,
    random: Math.random,
    newId: randomUUID,
    sleep,
  };
};
