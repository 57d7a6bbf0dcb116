import { InvalidArgumentError } from 'commander';

/** A whole number, 1 or more. */
export const count = (text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number above 0.');
};

/** A port of this machine. */
export const port = (text: string): number => {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('It must be a number from 0 (any free port) to 65535.');
};

/** The ID of a post or brand. */
export const id = (text: string): number => {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number, as shown in Dash Social.');
};
