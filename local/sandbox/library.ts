import { refusal, type SandboxResponse } from './response.ts';

/** The fields of a medium that the API documents and this project reads; any others are returned as they are. */
export type MediumFields = Record<string, unknown>;

/** What the Library contains. `campaigns`: their IDs by brand. */
export type Library = {
  campaigns: Readonly<Record<number, readonly number[]>>;
  /** Null: there is no such medium. A medium that was not set exists, and may be published at any time. */
  medium: (id: number) => MediumFields | null;
  setMedia: (media: Readonly<Record<string, MediumFields | null>>) => void;
  clear: () => void;
};

export const openLibrary = (campaigns: Library['campaigns'] = {}): Library => {
  let set: Readonly<Record<string, MediumFields | null>> = {};
  return {
    campaigns,
    medium: (id) => {
      const fields = set[String(id)];
      return fields === undefined ? { content_rights_expiry_date: null } : fields;
    },
    setMedia: (media) => {
      set = { ...set, ...media };
    },
    clear: () => {
      set = {};
    },
  };
};

type World = { library: Library; baseUrl: () => string };

const pageSize = 20;

const campaigns = ({ library, baseUrl }: World, brand: number, url: URL): SandboxResponse => {
  const ids = [...new Set(library.campaigns[brand])];
  const offset = Number(url.searchParams.get('offset') ?? 0);
  if (!Number.isInteger(offset) || offset < 0) return refusal(422, 'The query has errors.');
  const at = (from: number) => `${baseUrl()}${url.pathname}?limit=${pageSize}&offset=${from}`;
  const data = ids.slice(offset, offset + pageSize).map((id) => ({
    id,
    name: `Campaign ${id}`,
    start_date: '2026-01-01',
    end_date: null,
  }));
  const paging = {
    count: ids.length,
    previous: offset > 0 ? at(Math.max(0, offset - pageSize)) : null,
    next: offset + pageSize < ids.length ? at(offset + pageSize) : null,
  };
  return { status: 200, body: { data, paging } };
};

/** The Library of a brand that the token may use; `path`: after `/brands/ID/`. */
export const libraryEndpoints = (world: World, brand: number, path: string, url: URL): SandboxResponse => {
  if (path === 'campaigns') return campaigns(world, brand, url);
  const [, id] = /^media\/v2\/(\d+)$/.exec(path) ?? [];
  const fields = id ? world.library.medium(Number(id)) : null;
  return fields === null
    ? refusal(404, 'There is nothing here.')
    : { status: 200, body: { id: Number(id), brand_id: brand, ...fields } };
};
