/** The rules of polite polling that a publisher can see kept or broken, by the number they have in our plan. */
const POLITE_RULES = {
  1: 'validators come back byte for byte, both of them, but once a day, and a 304 ends the work',
  2: 'conditional requests, at most hourly on average',
  3: 'max-age, else Expires, is waited for: on 200 and 304, within reason',
  4: 'Retry-After is waited for: both forms, 429 and 503, the whole host',
  5: 'ttl, skipHours, skipDays and sy:update* are kept',
  6: 'compressed documents are asked for and read',
  7: 'the interval follows the rate of the feed',
  8: 'one connection a host at a time, the same address once a batch',
  9: 'waits grow with failures, spread by chance, up to a day, and never end',
  10: '410 is the end; a permanent redirect is adopted after days',
  11: 'a document that did not change is not read again',
  12: 'the visitor says who it is, and brings no cookie, referrer or changed query',
  13: 'validators and waits survive a restart',
  14: 'no redirect leads to an address that is not public',
  15: 'a manual poll is conditional too; only a forced one is not',
} as const;

export type PoliteRule = keyof typeof POLITE_RULES;

/** How often a rule could have been broken, and how it was. */
type Score = { occasions: number; breaches: string[] };

/** Counts what visitors did about each rule. */
export type Scorecard = {
  /** Notes one occasion; `breach` says how it was used to break the rule. */
  note: (rule: PoliteRule, breach: string | false) => void;
  of: (rule: PoliteRule) => Score;
  /** A line a rule. A rule without an occasion has not been kept: nobody knows. */
  print: () => string;
  isComplete: () => boolean;
};

const RULES = Object.keys(POLITE_RULES).map(Number) as PoliteRule[];

const verdict = ({ occasions, breaches }: Score): string => {
  if (occasions === 0) return '?';
  return breaches.length === 0 ? '✓' : '✗';
};

export const scorecard = (): Scorecard => {
  const scores = new Map(RULES.map((rule): [PoliteRule, Score] => [rule, { occasions: 0, breaches: [] }]));
  const of = (rule: PoliteRule): Score => scores.get(rule) as Score;
  const line = (rule: PoliteRule): string => {
    const score = of(rule);
    const kept = `${score.occasions - score.breaches.length}/${score.occasions}`;
    return `${verdict(score)} ${String(rule).padStart(2)}  ${kept.padStart(9)}  ${POLITE_RULES[rule]}`;
  };

  return {
    note: (rule, breach) => {
      const score = of(rule);
      score.occasions += 1;
      if (breach !== false) score.breaches.push(breach);
    },
    of,
    print: () => RULES.map(line).join('\n'),
    isComplete: () => RULES.every((rule) => verdict(of(rule)) === '✓'),
  };
};
