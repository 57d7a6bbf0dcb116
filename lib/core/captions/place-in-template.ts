/** A position in a template; both numbers are 1-based. */
export type PlaceInTemplate = { line: number; column: number };

/** A message about a template with its position appended. */
export const withPlace = (message: string, { line, column }: PlaceInTemplate): string =>
  `${message} (its line ${line}, column ${column})`;

/** The position that `withPlace` appended to a message; null if there is none. */
export const placeIn = (message: string): PlaceInTemplate | null => {
  const found = /\(its line (\d+), column (\d+)\)$/.exec(message);
  return found && { line: Number(found[1]), column: Number(found[2]) };
};
