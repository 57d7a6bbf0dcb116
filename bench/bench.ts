/** Figures that belong together. A cell is printed as it is, so round it and name the unit in the head. */
export type Table = {
  title: string;
  head: readonly string[];
  rows: readonly (readonly (string | number)[])[];
};

/** Lines over one x axis. */
export type Plot = {
  title: string;
  x: { label: string; log?: boolean };
  y: { label: string; log?: boolean };
  series: readonly { name: string; points: readonly (readonly [x: number, y: number])[] }[];
};

/** A figure that stands for many, and what was aimed at where something was. */
export type Headline = { what: string; figure: string; aim?: string };

/** What one run of a bench found: everything that is printed, and drawn, comes from here. */
export type Report = {
  tables: readonly Table[];
  plots?: readonly Plot[];
  /** Sentences below the tables: aims that were met or missed, with their figures. */
  notes?: readonly string[];
  /** What the page's first table and the README show of it. */
  headlines?: readonly Headline[];
};

/**
 * One question, answered by measuring. `bench/NAME.ts` exports one as `bench`; `npm run bench -- NAME` runs it. It is
 * bounded in time, speaks with 127.0.0.1 only, and compares within one run: absolute times say little.
 */
export type Bench = {
  question: string;
  /** How it was measured, in a sentence or two. */
  how: string;
  /** What the figures do not show. */
  limits: string;
  run: (args: readonly string[]) => Promise<Report>;
};
