/** A place in a template, both 1-based. */
export type PlaceInTemplate = { line: number; column: number };

/** A message about a template, with the place that it is about at its end. */
export const withPlace = (message: string, { line, column }: PlaceInTemplate): string =>
  `${message} (its line ${line}, column ${column})`;

/** The place that `withPlace` put into a message; null where there is none. */
export const placeIn = (message: string): PlaceInTemplate | null => {
  const found = /\(its line (\d+), column (\d+)\)$/.exec(message);
  return found && { line: Number(found[1]), column: Number(found[2]) };
};
