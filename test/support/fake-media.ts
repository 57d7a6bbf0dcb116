import { type ReadMedium, readMedium } from '../../lib/core/dash/medium.ts';

const response = (status: number, body: object) =>
  readMedium({ kind: 'response', response: { status, headers: {}, body: JSON.stringify(body) } });

const error = (status: number) =>
  response(status, { code: status, status: 'Error', message: 'no', errors: {} });

/** A Library of brand 144 in memory. A video that was not set exists; null: it does not. */
export const fakeMedia = () => {
  const media = new Map<number, Record<string, unknown> | null>();
  const read: ReadMedium = async ({ brand, id }) => {
    if (brand !== 144) return error(403);
    const fields = media.get(id);
    return fields === null ? error(404) : response(200, { content_rights_expiry_date: null, ...fields });
  };
  return {
    readMedium: read,
    set: (id: number, fields: Record<string, unknown> | null) => void media.set(id, fields),
  };
};
