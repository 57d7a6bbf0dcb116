/** Calls `make` on first use and caches the result; an error is not cached, so the next use tries again. */
export const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};
