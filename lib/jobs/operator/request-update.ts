import { permanent } from '../../core/errors.ts';
import { requestUpdate as request } from '../../core/ledger/draft-update.ts';
import type { EntryRow } from '../../core/ledger/row.ts';
import type { Clock, Ledger, SendWakeUps } from '../../core/ports.ts';
import { changeRow } from '../change-row.ts';

type Deps = { ledger: Pick<Ledger, 'read' | 'replace'>; sendWakeUps: SendWakeUps; clock: Clock };

/**
 * Asks for the draft of an article that changed to be changed too, which a worker does at once. `unchecked`: even if
 * Dash Social does not show what the draft says now. Throws permanent `entry.unknown` and `article.not-changed`.
 */
export const requestUpdate = async (
  deps: Deps,
  key: string,
  { by, unchecked }: { by: string; unchecked: boolean },
): Promise<EntryRow> => {
  const row = await deps.ledger.read(key);
  if (row?.type !== 'entry') throw permanent('entry.unknown', `The ledger has no entry ${key}.`);
  const asked = (await changeRow(deps, key, request({ at: deps.clock(), by, unchecked }), row)) ?? row;
  await deps.sendWakeUps([{ key, brand: asked.brand }]);
  return asked;
};
