/** The rules of polite polling that a publisher can check, by number. */
const POLITE_RULES = {
  1: 'both validators are sent back byte for byte, except once a day, and a 304 ends the work',
  2: 'conditional requests, at most hourly on average',
  3: 'max-age, or else Expires, is respected on 200 and 304, within reason',
  4: 'Retry-After is respected in both forms, on 429 and 503, for the whole host',
  5: 'ttl, skipHours, skipDays and sy:update* are respected',
  6: 'compressed documents are requested and read',
  7: 'the interval follows the feed’s rate',
  8: 'one connection per host at a time, each address once per batch',
  9: 'waits grow with failures, with jitter, up to a day, without limit',
  10: 'a 410 ends polling; a permanent redirect is adopted after days',
  11: 'an unchanged document is not parsed again',
  12: 'the user agent is identified, without cookies, referrer or a changed query',
  13: 'validators and waits survive a restart',
  14: 'redirects lead only to public addresses',
  15: 'a manual poll is conditional too, unless forced',
} as const;

export type PoliteRule = keyof typeof POLITE_RULES;

/** How often a rule could have been broken, and how it was. */
type Score = { occasions: number; breaches: string[] };

/** Counts how visitors followed each rule. */
export type Scorecard = {
  /** Records one occasion; `breach` describes how the rule was broken. */
  note: (rule: PoliteRule, breach: string | false) => void;
  of: (rule: PoliteRule) => Score;
  /** One line per rule. A rule without an occasion counts as unverified. */
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
