const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const written = /^([1-9]\d{0,6})([mhd])$/;
const longestMs = 365 * unitMs.d;

/** Milliseconds of `15m`, `1h` or `2d`; null for any other format or over a year. Never below one minute. */
export const parseDuration = (text: string): number | null => {
  const [, count, unit] = written.exec(text) ?? [];
  const ms = Number(count) * unitMs[unit as keyof typeof unitMs];
  return ms <= longestMs ? ms : null;
};
