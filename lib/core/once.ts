/** Calls `make` on first use and keeps what it made; a throw is not kept, the next use tries again. */
export const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};
