import { type MockInstance, vi } from 'vitest';

type Line = Record<string, unknown>;
export type Printed = {
  /** Every JSON line that was logged. */
  logs: () => Line[];
  /** The values of every EMF line, as CloudWatch reads them. */
  metrics: () => Record<string, number>[];
  /** Everything that was printed. */
  text: () => string;
};

const taken = (stream: NodeJS.WriteStream): MockInstance<NodeJS.WriteStream['write']> =>
  vi.spyOn(stream, 'write').mockReturnValue(true);

const isMetrics = (line: Line) => '_aws' in line;

type Emf = { _aws: { CloudWatchMetrics: { Metrics: { Name: string }[] }[] } };

const numbersOf = (line: Line) => {
  const names = (line as unknown as Emf)._aws.CloudWatchMetrics[0]?.Metrics.map(({ Name }) => Name) ?? [];
  return Object.fromEntries(names.map((name) => [name, line[name] as number]));
};

/** Captures stdout and stderr from here on; vitest's `restoreAllMocks` ends it. */
export const takePrinted = (): Printed => {
  const streams = [taken(process.stdout), taken(process.stderr)];
  const text = () => streams.flatMap(({ mock }) => mock.calls.map(([chunk]) => String(chunk))).join('');
  const lines = () =>
    text()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line);
  return {
    text,
    logs: () => lines().filter((line) => !isMetrics(line)),
    metrics: () => lines().filter(isMetrics).map(numbersOf),
  };
};
