import { InvalidArgumentError } from 'commander';

/** A whole number from 1 on. */
export const count = (text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number above 0.');
};

/** The id of a post or brand. */
export const id = (text: string): number => {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number, as Dash Social shows it.');
};
