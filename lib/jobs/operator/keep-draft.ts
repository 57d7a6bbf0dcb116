import { permanent } from '../../core/errors.ts';
import { keepDraft as keep, refuseUnlessOpen } from '../../core/ledger/later-version.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { Clock, Ledger } from '../../core/ports.ts';
import { changeRow } from '../change-row.ts';

type Deps = { ledger: Pick<Ledger, 'read' | 'replace'>; clock: Clock };

/**
 * Decides that a draft stays as it is although its article changed. Throws permanent `entry.unknown` and
 * `article.not-changed`.
 */
export const keepDraft = async (deps: Deps, key: string, { by }: { by: string }): Promise<EntryRow> => {
  const row = await deps.ledger.read(key);
  if (row?.type !== 'entry') throw permanent('entry.unknown', `The ledger has no entry ${key}.`);
  refuseUnlessOpen(row);
  return (await changeRow(deps, key, keep({ at: deps.clock(), by }), row)) ?? row;
};
