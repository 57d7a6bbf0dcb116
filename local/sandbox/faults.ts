import * as v from 'valibot';

/**
 * The ways in which the sandbox can be told to fail. `commit-and-drop` keeps the post and then cuts the
 * connection, `drop` cuts it before; `garbled` keeps the post and answers 200 with a body that is no JSON;
 * `hang` reads the request and never answers; `slow` does as always, `ms` later; `proxy-404` and `too-large`
 * answer HTML as a proxy in front of the API would.
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
  /** For how many requests; left out: until cleared. */
  times: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** Only requests for this brand. */
  brand: v.optional(v.number()),
  /** Which requests: new posts unless told otherwise. */
  on: v.optional(v.picklist(['create', 'list', 'self', 'all']), 'create'),
  /** How late a `slow` answer is; how far ahead the reset of a `throttled-429` lies. */
  ms: v.optional(v.pipe(v.number(), v.minValue(0)), 1_000),
  /** For `error-500`, `unavailable-503` and `hang`: whether the post was kept nevertheless. */
  commit: v.optional(v.boolean(), false),
});
export type Fault = v.InferOutput<typeof Fault>;
export type FaultInput = v.InferInput<typeof Fault>;

export type Faults = {
  add: (fault: FaultInput) => void;
  clear: () => void;
  /** The first fault that concerns this request, used up by one. */
  take: (request: { on: 'create' | 'list' | 'self' | 'other'; brand: number | null }) => Fault | null;
};

/** A queue of faults: those told first come first. */
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
