import { mkdirSync } from 'node:fs';
import type { StreamRecord } from '../../lib/core/ports.ts';
import { ownerOnlyFolder } from '../atomic-file.ts';

/** A write that is about to be made: where, and what was there before. */
export type Intent = { table: string; key: Record<string, unknown>; old: StreamRecord['OldImage'] };

/** A change whose event has not been handed on. */
export type LoggedChange = { sequence: string; record: StreamRecord };

/** What DynamoDB's stream is on AWS: the changes that can be events, in order, on disk until they are handed on. */
export type ChangeLog = {
  /** Notes a write before it is made; the promise resolves once that is stored. */
  begin: (intent: Intent) => Promise<string>;
  /** Ends an intent, and in the same step stores the change it made; null: none that is an event. */
  settle: (id: string, record: StreamRecord | null) => Promise<void>;
  /** Intents that were never settled, because the process died. */
  unsettled: () => Promise<{ id: string; intent: Intent }[]>;
  /** The oldest changes. */
  read: (limit: number) => Promise<LoggedChange[]>;
  /** Forgets changes that were handed on. */
  remove: (changes: readonly LoggedChange[]) => Promise<void>;
  /** Resolves when a change is stored. */
  nextChange: () => Promise<void>;
  close: () => Promise<void>;
};

const digits = 16;
/** Keys sort by number. */
const nameOf = (prefix: 'intent' | 'change', sequence: number): string =>
  `${prefix}/${String(sequence).padStart(digits, '0')}`;
const rangeOf = (prefix: 'intent' | 'change') => ({ gt: `${prefix}/`, lt: `${prefix}0` });
const sequenceIn = (name: string): string => name.slice(-digits);

/** Opens the log in a folder of its own, which one process may use at a time. */
export const openChangeLog = async (dir: string): Promise<ChangeLog> => {
  mkdirSync(dir, ownerOnlyFolder);
  const { Level } = await import('level');
  const store = new Level<string, unknown>(dir, { valueEncoding: 'json' });
  await store.open();
  const names = await store.keys().all();
  let last = Math.max(0, ...names.map((name) => Number(sequenceIn(name))));
  let appended = Promise.withResolvers<void>();

  return {
    begin: async (intent) => {
      last += 1;
      const id = nameOf('intent', last);
      await store.put(id, intent);
      return id;
    },
    settle: async (id, record) => {
      last += 1;
      const change = { type: 'put', key: nameOf('change', last), value: record } as const;
      await store.batch([{ type: 'del', key: id }, ...(record === null ? [] : [change])]);
      if (record === null) return;
      appended.resolve();
      appended = Promise.withResolvers<void>();
    },
    unsettled: async () =>
      (await store.iterator(rangeOf('intent')).all()).map(([id, intent]) => ({
        id,
        intent: intent as Intent,
      })),
    read: async (limit) =>
      (await store.iterator({ ...rangeOf('change'), limit }).all()).map(([name, record]) => ({
        sequence: sequenceIn(name),
        record: record as StreamRecord,
      })),
    remove: (changes) =>
      store.batch(changes.map(({ sequence }) => ({ type: 'del', key: `change/${sequence}` }))),
    nextChange: () => appended.promise,
    close: () => store.close(),
  };
};
