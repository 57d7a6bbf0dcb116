import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Budget,
  chooseSteps,
  type FeedRate,
  STEP_FACTOR,
  stepMs,
} from '../../../../lib/core/polling/intervals/poll-intervals.ts';
import { phaseMs } from '../../../../lib/core/polling/phase.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const BUDGET: Budget = { meanMs: HOUR, minMs: 5 * MINUTE, maxMs: DAY };

const climber = (perDay: number, more: Partial<FeedRate> = {}): FeedRate => ({
  step: null,
  floorMs: 0,
  perDay,
  ...more,
});
const rates = (minLength = 1) =>
  fc.array(
    fc.double({ min: -5, max: 5, noNaN: true }).map((exponent) => Math.exp(exponent)),
    { minLength, maxLength: 200 },
  );
const share = (steps: number[], meanMs = HOUR) =>
  steps.reduce((sum, step) => sum + meanMs / stepMs(step), 0) / steps.length;

describe('chooseSteps', () => {
  it.each([
    ['one feed', [3]],
    ['feeds with equal rates', [1, 1, 1, 1]],
    ['feeds with unknown rates', [0.5, 0.5]],
  ])('gives %s the mean interval', (_name, perDay) => {
    expect(
      chooseSteps(
        perDay.map((rate) => climber(rate)),
        BUDGET,
      ),
    ).toEqual(perDay.map(() => 0));
  });

  it('returns nothing for no feeds', () => {
    expect(chooseSteps([], BUDGET)).toEqual([]);
  });

  it('polls a feed with four times the entries twice as often', () => {
    const [slow = 0, busy = 0] = chooseSteps([climber(1), climber(4)], BUDGET);

    const ratio = stepMs(slow) / stepMs(busy);
    expect(ratio).toBeGreaterThan(2 / STEP_FACTOR);
    expect(ratio).toBeLessThan(2 * STEP_FACTOR);
  });

  it('delays entries less than 1 % longer than the optimal schedule', () => {
    fc.assert(
      fc.property(rates(50), (perDay) => {
        const steps = chooseSteps(
          perDay.map((rate) => climber(rate)),
          { ...BUDGET, minMs: 1_000, maxMs: 1_000 * DAY },
        );

        const delay = perDay.reduce((sum, rate, index) => sum + (rate * stepMs(steps[index] ?? 0)) / 2, 0);
        const polls = steps.reduce((sum, step) => sum + 1 / stepMs(step), 0);
        const roots = perDay.reduce((sum, rate) => sum + Math.sqrt(rate), 0);
        return (delay * polls) / (roots ** 2 / 2) < 1.01;
      }),
    );
  });

  it('keeps the budget to within a tenth, for any rates and previous steps', () => {
    const step = fc.option(fc.integer({ min: -13, max: 17 }));

    fc.assert(
      fc.property(rates(), fc.infiniteStream(step), (perDay, before) => {
        const rates = perDay.map((rate) => climber(rate, { step: before.next().value ?? null }));

        return Math.abs(share(chooseSteps(rates, BUDGET)) - 1) < 0.1;
      }),
    );
  });

  it('keeps the daily number of polls within a tenth of the budget', () => {
    fc.assert(
      fc.property(rates(50), fc.integer({ min: 0, max: 400 }), (perDay, day) => {
        const steps = chooseSteps(
          perDay.map((rate) => climber(rate)),
          BUDGET,
        );

        const polls = steps.reduce((sum, step, index) => {
          const everyMs = stepMs(step);
          const phase = phaseMs(`https://feeds.example/${index}`, everyMs);
          const until = (at: number) => Math.floor((at - phase) / everyMs);
          return sum + until((day + 1) * DAY) - until(day * DAY);
        }, 0);
        return Math.abs(polls / (perDay.length * 24) - 1) < 0.1;
      }),
    );
  });

  it('never polls a feed less often than one that publishes less', () => {
    fc.assert(
      fc.property(rates(), (perDay) => {
        const sorted = [...perDay].sort((a, b) => a - b);
        const steps = chooseSteps(
          sorted.map((rate) => climber(rate)),
          BUDGET,
        );

        return steps.every((step, index) => index === 0 || step <= (steps[index - 1] ?? 0));
      }),
    );
  });

  it('respects the bounds, and gives other feeds what a floor takes from one', () => {
    const many = Array.from({ length: 50 }, () => climber(1));
    const free = chooseSteps([climber(10_000), climber(0.0001), ...many], BUDGET);
    const floored = chooseSteps([climber(10_000, { floorMs: 6 * HOUR }), climber(0.0001), ...many], BUDGET);

    expect(stepMs(free[0] ?? 0)).toBeGreaterThanOrEqual(BUDGET.minMs);
    expect(stepMs(free[0] ?? 0)).toBeLessThan(BUDGET.minMs * STEP_FACTOR);
    expect(stepMs(free[1] ?? 0)).toBeLessThanOrEqual(BUDGET.maxMs);
    expect(stepMs(free[1] ?? 0)).toBeGreaterThan(BUDGET.maxMs / STEP_FACTOR);
    expect(stepMs(floored[0] ?? 0)).toBeGreaterThanOrEqual(6 * HOUR);
    expect(share(floored)).toBeCloseTo(share(free), 1);
  });

  it('respects a server that requires more than our longest interval', () => {
    const [step = 0] = chooseSteps([climber(1, { floorMs: 3 * DAY })], BUDGET);

    expect(stepMs(step)).toBeGreaterThanOrEqual(3 * DAY);
  });

  it('keeps nearly all feeds in their steps while rates only fluctuate', () => {
    const perDay = Array.from({ length: 100 }, (_, index) => 1.1 ** (index - 50));
    const plan = (tremble: number, before: (number | null)[]) =>
      chooseSteps(
        perDay.map((rate, index) =>
          climber(rate * (index % 2 ? tremble : 1 / tremble), { step: before[index] ?? null }),
        ),
        BUDGET,
      );

    const start = plan(1, []);
    const end = [0.95, 1.05, 0.97, 1.02].reduce((steps, tremble) => plan(tremble, steps), start);
    const replanned = plan(1.05, []);

    const moved = (steps: number[]) => steps.filter((step, index) => step !== start[index]).length;
    expect(moved(end)).toBeLessThanOrEqual(3);
    expect(moved(replanned)).toBeGreaterThan(10); // without hysteresis
  });

  it('moves a feed whose rate has changed permanently', () => {
    const others = Array.from({ length: 50 }, () => climber(1, { step: 0 }));

    const [faster = 0, slower = 0] = chooseSteps(
      [climber(9, { step: 0 }), climber(1 / 9, { step: 0 }), ...others],
      BUDGET,
    );

    expect(faster).toBeLessThanOrEqual(-5);
    expect(slower).toBeGreaterThanOrEqual(5);
  });
});
