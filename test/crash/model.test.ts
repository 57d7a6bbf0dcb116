import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { WhenUncertain } from '../../lib/core/ledger/row.ts';
import { type Command, live } from '../support/chaos.ts';
import { proveModel } from '../support/prove-model.ts';
import { seedOfTree } from '../support/sample.ts';

const folder = new URL('../fixtures/model/', import.meta.url);
const histories = readdirSync(folder).filter((name) => name.endsWith('.json'));

describe('a history that once failed', () => {
  it.each(histories)('ends well: %s', async (name) => {
    const { policy, commands } = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as {
      policy: WhenUncertain;
      commands: Command[];
    };

    expect(await live(policy, commands)).toEqual([]);
  });
});

// Each commit runs other histories, and every run of it the same ones.
proveModel(process.env.SAMPLE === 'all' ? 500 : 100, 300_000, seedOfTree());
