/** A table of figures. Cells are printed unchanged, so round them and put the unit in the header. */
export type Table = {
  title: string;
  head: readonly string[];
  rows: readonly (readonly (string | number)[])[];
};

/** A line chart. */
export type Plot = {
  title: string;
  x: { label: string; log?: boolean };
  y: { label: string; log?: boolean };
  series: readonly { name: string; points: readonly (readonly [x: number, y: number])[] }[];
};

/** A key figure, with its target if there is one. */
export type Headline = { what: string; figure: string; target?: string };

/** The results of one run of a benchmark, from which all output and plots are generated. */
export type Report = {
  tables: readonly Table[];
  plots?: readonly Plot[];
  /** Sentences below the tables: targets that were met or missed, with their figures. */
  notes?: readonly string[];
  /** The figures for the page's first table and the README. */
  headlines?: readonly Headline[];
};

/**
 * One question, answered by measuring. `bench/NAME.ts` exports it as `bench`; `npm run bench -- NAME` runs it. A
 * benchmark has a time limit, connects only to 127.0.0.1, and compares results within one run, because absolute times
 * mean little.
 */
export type Bench = {
  question: string;
  /** The method, in a sentence or two. */
  how: string;
  /** What the figures do not show. */
  limits: string;
  run: (args: readonly string[]) => Promise<Report>;
};
