import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  clientTimeoutMs,
  leaseMs,
  mustRemainMs,
  rowBackOff,
  serverDelayMs,
  uncertainPauseMs,
  wakeGraceMs,
} from '../../../lib/core/dash/timing.ts';
import { reserveMs } from '../../../lib/services/create-draft.ts';

const page = readFileSync(
  new URL('../../../docs/decisions/0006-leases-and-timeouts.md', import.meta.url),
  'utf8',
);
const seconds = (ms: number) => `${ms / 1_000} s`;

describe('the times of a claim', () => {
  it('make a lease outlast the client timeout and the longest server delay', () => {
    expect(leaseMs).toBeGreaterThan(clientTimeoutMs + serverDelayMs);
  });

  it('send a POST only if its response and the write fit into the lease', () => {
    expect(mustRemainMs).toBeGreaterThan(clientTimeoutMs);
    expect(leaseMs - mustRemainMs + clientTimeoutMs + serverDelayMs).toBeLessThanOrEqual(leaseMs);
  });

  it('leave time for two POSTs after a turn is acquired', () => {
    expect(reserveMs).toBeGreaterThan(2 * clientTimeoutMs);
  });

  it('never wake or retry a row while an earlier request may still be committed', () => {
    expect(wakeGraceMs).toBeGreaterThan(leaseMs);
    expect(uncertainPauseMs).toBeGreaterThan(leaseMs + serverDelayMs);
    expect(rowBackOff.maxMs).toBe(3_600_000);
  });

  it.each([
    ['response timeout', seconds(clientTimeoutMs)],
    ['server delay', seconds(serverDelayMs)],
    ['lease', seconds(leaseMs)],
    ['minimum left to send a POST', seconds(mustRemainMs)],
    ['look-up', `lease's end + ${seconds(serverDelayMs)}`],
    ['minimum left to start a row', `${seconds(reserveMs)} of the invocation`],
    ['pause before a retry of an unknown outcome', `${uncertainPauseMs / 60_000} min, twice at most`],
  ])('match the documented %s, %s', (name, value) => {
    expect(page).toContain(`| ${name} | ${value} |`);
  });
});
