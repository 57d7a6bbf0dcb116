import * as v from 'valibot';

/**
 * The failures that the sandbox can simulate. `commit-and-drop` stores the post and then cuts the connection, `drop`
 * cuts it before; `garbled` stores the post and responds 200 with a body that is not JSON; `hang` reads the request
 * and never responds; `slow` responds `ms` later; `proxy-404` and `too-large` respond with HTML like a proxy in front
 * of the API.
 */
export const faultKinds = [
  'error-500',
  'unavailable-503',
  'throttled-429',
  'proxy-404',
  'too-large',
  'hang',
  'commit-and-drop',
  'drop',
  'slow',
  'garbled',
  'unauthorized-401',
  'forbidden-403',
] as const;

export const Fault = v.strictObject({
  kind: v.picklist(faultKinds),
  /** For how many requests; without it, until cleared. */
  times: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** Only for requests for this brand. */
  brand: v.optional(v.number()),
  /** Which requests: new posts by default. */
  on: v.optional(v.picklist(['create', 'list', 'self', 'library', 'read', 'change', 'all']), 'create'),
  /** The delay of a `slow` response; the time until the reset of a `throttled-429`. */
  ms: v.optional(v.pipe(v.number(), v.minValue(0)), 1_000),
  /** For `error-500`, `unavailable-503` and `hang`: whether the post is stored nevertheless. */
  commit: v.optional(v.boolean(), false),
});
export type Fault = v.InferOutput<typeof Fault>;
export type FaultInput = v.InferInput<typeof Fault>;

export type Faults = {
  add: (fault: FaultInput) => void;
  clear: () => void;
  /** The first failure that applies to this request, with its count reduced. */
  take: (request: {
    on: 'create' | 'list' | 'self' | 'library' | 'read' | 'change' | 'other';
    brand: number | null;
  }) => Fault | null;
};

/** A queue of failures; those added first apply first. */
export const faultQueue = (): Faults => {
  let queue: Fault[] = [];

  return {
    add: (fault) => {
      queue.push(v.parse(Fault, fault));
    },
    clear: () => {
      queue = [];
    },
    take: ({ on, brand }) => {
      const fault = queue.find(
        (each) => (each.on === 'all' || each.on === on) && (each.brand === undefined || each.brand === brand),
      );
      if (fault?.times !== undefined) {
        fault.times -= 1;
        if (fault.times === 0) queue = queue.filter((each) => each !== fault);
      }
      return fault ?? null;
    },
  };
};
