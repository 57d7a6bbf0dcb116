import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { meanOf } from '../../lib/core/config/file/polling-file.ts';
import { keepMs } from '../../lib/core/dash/timing.ts';
import { metrics } from '../../lib/lambda/metrics.ts';
import {
  alarmMetrics,
  assumed,
  billedMs,
  entryAmounts,
  messagesATick,
  monthAmounts,
  pollAmounts,
  standing,
  webhookAmounts,
} from '../../scripts/costs/bill.ts';
import type { MeasuredUse, Use } from '../../scripts/costs/measured-use.ts';
import { lines, ofLine, plus, priceNames, scaled, usd } from '../../scripts/costs/prices.ts';
import { costsPage, page, recorded } from '../../scripts/costs.ts';
import { resolved } from '../support/console-condition.ts';
import { packagedTemplate } from '../support/packaged.ts';

const use = (given: Partial<Use> = {}): Use => ({
  wallMs: 0,
  cpuMs: 0,
  readUnits: 0,
  writeUnits: 0,
  sqsRequests: 0,
  secretRequests: 0,
  logBytes: 0,
  sentBytes: 0,
  storedBytes: 0,
  metrics: [],
  ...given,
});

const measured = (given: Partial<MeasuredUse> = {}): MeasuredUse => ({
  of: { machine: 'a machine', day: '2026-01-01', siteMs: 0, dashMs: 0, entries: 20 },
  ticks: { 10: use() },
  unchanged: { one: use(), twenty: use() },
  news: use(),
  drafts: { one: use(), ten: use() },
  webhook: use(),
  ...given,
});

describe('docs/costs.md', () => {
  it('matches "npm run docs:costs" with the recorded figures', async () => {
    expect(await readFile(page, 'utf8')).toBe(costsPage(recorded()));
  });

  it('has a bill for 10, 200 and 10,000 feeds', () => {
    expect(Object.keys(recorded().ticks)).toEqual(['10', '200', '10000']);
  });

  it('is based on metrics that the code sends', () => {
    const { ticks, unchanged, news, drafts, webhook } = recorded();
    const uses = [
      ...Object.values(ticks),
      unchanged.one,
      unchanged.twenty,
      news,
      drafts.one,
      drafts.ten,
      webhook,
    ];

    const names = uses.flatMap((one) => one.metrics);

    expect(names).toContain('DraftsCreated');
    expect(names.filter((name) => !Object.keys(metrics).includes(name))).toEqual([]);
  });

  it('assumes that rows are kept as long as in the code', () => {
    expect(assumed.keptDays).toBe(keepMs / 86_400_000);
  });

  it('assumes the default polling interval', () => {
    expect(3_600_000 / assumed.pollsAnHour).toBe(meanOf({}));
  });
});

describe('a price', () => {
  it.each([
    ['gbSeconds', 400_001, 5.33337, 0.0000133334],
    ['invocations', 3_000_000, 0.6, 0.4],
    ['writeUnits', 2_000_000, 1.25, 1.25],
    ['alarmMetrics', 12, 1.2, 0.2],
    ['alarmMetrics', 3, 0.3, 0],
    ['secretReads', 20_000, 0.1, 0.1],
  ])('of %s for %d is %d, and %d after the free tier', (name, amount, whole, less) => {
    expect(usd({ [name]: amount })).toBeCloseTo(whole, 4);
    expect(usd({ [name]: amount }, { free: true })).toBeCloseTo(less, 10);
  });

  it('belongs to exactly one line of the bill', () => {
    const one = Object.fromEntries(priceNames.map((name) => [name, 1_000_000]));

    const parts = lines.map((line) => usd(ofLine(one, line)));

    expect(parts.every((part) => part > 0)).toBe(true);
    expect(parts.reduce((sum, part) => sum + part)).toBeCloseTo(usd(one), 6);
  });

  it('can be added and multiplied', () => {
    expect(plus({ ticks: 1 }, { ticks: 2, secrets: 1 })).toMatchObject({ ticks: 3, secrets: 1, sentGb: 0 });
    expect(scaled({ ticks: 2 }, 3)).toEqual({ ticks: 6 });
  });
});

describe('an invocation', () => {
  it.each([
    ['waits equally long with any memory size', { wallMs: 100, cpuMs: 0 }, 512, 100],
    ['computes at the speed of its CPU share', { wallMs: 100, cpuMs: 100 }, 884.5, 200],
    ['computes no faster with more than one core', { wallMs: 100, cpuMs: 100 }, 10_240, 100],
  ])('%s', (_, work, memoryMb, ms) => {
    expect(billedMs(work, memoryMb)).toBeCloseTo(ms, 6);
  });
});

describe('a poll', () => {
  const of = measured({
    unchanged: { one: use({ readUnits: 3, logBytes: 600 }), twenty: use({ readUnits: 22, logBytes: 600 }) },
  });

  it('is split into the cost of its message and of each feed', () => {
    const { message, feed } = pollAmounts(of);

    expect(message).toMatchObject({ readUnits: 2, invocations: 1, queueRequests: 2, logGb: 1000 / 1e9 });
    expect(feed).toMatchObject({ readUnits: 1, invocations: 0, logGb: 0, sentGb: assumed.tlsBytes / 1e9 });
  });
});

describe('an entry', () => {
  const of = measured({
    unchanged: { one: use(), twenty: use({ readUnits: 20 }) },
    news: use({ readUnits: 60, writeUnits: 80, storedBytes: 20_000 }),
    drafts: { one: use({ writeUnits: 7 }), ten: use({ writeUnits: 50 }) },
  });

  it('costs a twentieth of a poll with twenty new entries and a tenth of ten drafts', () => {
    expect(entryAmounts(of, 'ten')).toMatchObject({ readUnits: 2, writeUnits: 9, invocations: 0.1 });
  });

  it('costs a whole invocation when it is alone in its batch', () => {
    expect(entryAmounts(of, 'one')).toMatchObject({ invocations: 1, queueRequests: 2, writeUnits: 11 });
  });

  it('is stored as long as its row', () => {
    const { storedGb } = entryAmounts(of, 'one');

    expect(storedGb).toBeCloseTo((1_000 / 1e9) * (400 / (730 / 24)), 12);
  });

  it('from a webhook includes the cost of the API', () => {
    expect(webhookAmounts(measured({ webhook: use({ writeUnits: 3 }) }))).toMatchObject({
      apiRequests: 1,
      writeUnits: 3,
    });
  });
});

describe('a tick', () => {
  it.each([
    [0, 0],
    [0.01, 0.00995],
    [200, 10.475], // the last message is half full on average
  ])('with %d feeds due on average sends about %d messages', (due, messages) => {
    expect(messagesATick(due)).toBeCloseTo(messages, 2);
  });
});

describe('a month', () => {
  it('has fixed costs without any use', () => {
    const amounts = monthAmounts(measured(), 10);

    const { queueRequests = 0, ...others } = standing();
    expect(amounts).toMatchObject(others);
    expect(amounts.queueRequests).toBeGreaterThan(queueRequests); // messages are still received and deleted
    expect(amounts.metrics).toBeCloseTo(1, 6); // Ticks, and nothing else
  });

  it('includes every secret, and every metric that an alarm watches', async () => {
    const resources = Object.values(resolved(await packagedTemplate(), false).Resources);
    const text = resources
      .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
      .map((alarm) => JSON.stringify(alarm));
    const secrets = resources.filter(({ Type }) => Type === 'AWS::SecretsManager::Secret');

    expect(alarmMetrics()).toBe(text.join().match(/"MetricName":/g)?.length);
    expect(standing()).toMatchObject({ secrets: secrets.length, alarmMetrics: alarmMetrics() });
  });

  it('includes a metric only for the hours in which it is sent', () => {
    const drafts = { one: use({ metrics: ['DraftsCreated'] }), ten: use() };

    const { metrics: sent } = monthAmounts(measured({ drafts }), 10);

    expect(sent).toBeCloseTo(1 + 1 - Math.exp(-10 / 24), 6);
  });

  it('includes a tick per minute, and four polls per feed and hour', () => {
    const quiet = measured({
      ticks: { 10: use({ writeUnits: 1 }) },
      unchanged: { one: use({ readUnits: 1 }), twenty: use({ readUnits: 20 }) },
    });

    expect(monthAmounts(quiet, 10)).toMatchObject({ writeUnits: 43_800, ticks: 43_800 });
    expect(monthAmounts(quiet, 10).readUnits).toBeCloseTo(4 * 7_300, 6);
    expect(monthAmounts(quiet, 10, 1).readUnits).toBeCloseTo(7_300, 6);
  });
});
