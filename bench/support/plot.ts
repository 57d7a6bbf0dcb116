import type { Plot } from '../bench.ts';

const width = 640;
const height = 360;
const frame = { left: 64, right: 620, top: 36, bottom: 300 };
const colors = ['#2563eb', '#d97706', '#059669', '#db2777', '#7c3aed', '#64748b'];

type Axis = Plot['x'];
type Scale = { place: (value: number) => number; ticks: number[] };

const powersOfTen = (low: number, high: number): number[] => {
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  return Array.from({ length: Math.max(1, to - from) + 1 }, (_, n) => 10 ** (from + n));
};

/** About five ticks from zero, in steps of 1, 2 or 5 times a power of ten. */
const roundSteps = (high: number): number[] => {
  const rough = high / 5 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((one) => one >= rough) ?? rough;
  return Array.from({ length: Math.ceil(high / step) + 1 }, (_, n) => n * step);
};

const scaleOf = (values: number[], { log = false }: Axis, from: number, to: number): Scale => {
  const finite = values.filter((value) => Number.isFinite(value) && (!log || value > 0));
  const high = Math.max(...finite, log ? 1e-9 : 0);
  const ticks = log ? powersOfTen(Math.min(...finite), high) : roundSteps(high);
  const along = log ? Math.log10 : (value: number) => value;
  const [first, last] = [along(ticks[0] ?? 0), along(ticks.at(-1) ?? 1)];
  return { ticks, place: (value) => from + ((along(value) - first) / (last - first || 1)) * (to - from) };
};

const short = (value: number): string =>
  value >= 1e6 ? `${value / 1e6} M` : value >= 1e3 ? `${value / 1e3} k` : `${Number(value.toPrecision(3))}`;

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const label = (x: number, y: number, words: string, more = '') =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}"${more}>${escaped(words)}</text>`;

const gridX = ({ ticks, place }: Scale) =>
  ticks.map(
    (tick) =>
      `<path class="grid" d="M${place(tick).toFixed(1)} ${frame.top}V${frame.bottom}"/>` +
      label(place(tick), frame.bottom + 18, short(tick), ' text-anchor="middle"'),
  );

const gridY = ({ ticks, place }: Scale) =>
  ticks.map(
    (tick) =>
      `<path class="grid" d="M${frame.left} ${place(tick).toFixed(1)}H${frame.right}"/>` +
      label(frame.left - 8, place(tick) + 4, short(tick), ' text-anchor="end"'),
  );

const lineOf = (points: Plot['series'][number]['points'], x: Scale, y: Scale, color: string) => {
  const places = points.map(([a, b]) => `${x.place(a).toFixed(1)} ${y.place(b).toFixed(1)}`);
  const dots = places.map((place) => {
    const [cx, cy] = place.split(' ');
    return `<circle cx="${cx}" cy="${cy}" r="3" fill="${color}"/>`;
  });
  return `<path d="M${places.join('L')}" fill="none" stroke="${color}" stroke-width="2"/>${dots.join('')}`;
};

const legend = (names: string[]) =>
  names.map((name, n) => {
    const x = frame.left + n * (556 / names.length);
    return `<rect x="${x.toFixed(1)}" y="346" width="10" height="3" fill="${colors[n % colors.length]}"/>${label(x + 14, 352, name)}`;
  });

const style =
  '<style>text{font:12px system-ui,sans-serif;fill:#334155}.grid{stroke:#94a3b8;stroke-opacity:.3}@media(prefers-color-scheme:dark){text{fill:#cbd5e1}}</style>';

/** A plot as an SVG document. Points that cannot be drawn, such as 0 on a logarithmic axis, are left out. */
export const svgOf = ({ title, x, y, series }: Plot): string => {
  const shown = series.map(({ name, points }) => ({
    name,
    points: points.filter(
      ([a, b]) => [a, b].every(Number.isFinite) && (!x.log || a > 0) && (!y.log || b > 0),
    ),
  }));
  const all = shown.flatMap(({ points }) => points);
  const xs = scaleOf(
    all.map(([a]) => a),
    x,
    frame.left,
    frame.right,
  );
  const ys = scaleOf(
    all.map(([, b]) => b),
    y,
    frame.bottom,
    frame.top,
  );
  const lines = shown.map(({ points }, n) => lineOf(points, xs, ys, colors[n % colors.length] ?? ''));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">${style}
${label(frame.left, 20, `${title}: ${y.label}`, ' font-weight="600"')}
${[...gridX(xs), ...gridY(ys)].join('\n')}
${lines.join('\n')}
${label((frame.left + frame.right) / 2, frame.bottom + 34, x.label, ' text-anchor="middle"')}
${legend(shown.map(({ name }) => name)).join('\n')}
</svg>
`;
};
