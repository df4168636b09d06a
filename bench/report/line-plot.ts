import { numbers } from '../workloads/numbers.ts';
import type { GrowthLine, Point } from './growth.ts';
import { color, element, picture, text } from './svg.ts';

const width = 720;
const height = 440;
const frame = { left: 70, right: 90, top: 40, bottom: 50 };

/** Time over size, both logarithmic: what grows linearly rises by one decade a decade, as the dashed line does. */
export function linePlot({ line, unit, points }: GrowthLine): string {
  const all = [...points.values()].flat();
  const sizes = decades(all.map(({ size }) => size));
  const times = decades(all.map(({ seconds }) => seconds));
  const x = (size: number) => at(size, sizes, frame.left, width - frame.right);
  const y = (seconds: number) => at(seconds, times, height - frame.bottom, frame.top);
  const path = (list: readonly Point[]) =>
    list
      .map((point, index) => `${index === 0 ? 'M' : 'L'}${x(point.size).toFixed(1)} ${y(point.seconds).toFixed(1)}`)
      .join('');

  const grid = [
    ...powers(sizes).flatMap((size) => [
      element('path', { d: `M${x(size).toFixed(1)} ${frame.top}V${height - frame.bottom}`, stroke: '#ddd' }),
      text(x(size), height - frame.bottom + 18, size.toLocaleString('en'), 'middle'),
    ]),
    ...powers(times).flatMap((seconds) => [
      element('path', { d: `M${frame.left} ${y(seconds).toFixed(1)}H${width - frame.right}`, stroke: '#ddd' }),
      text(frame.left - 8, y(seconds) + 4, `${seconds} s`, 'end'),
    ]),
    text((frame.left + width - frame.right) / 2, height - 10, unit, 'middle'),
  ];
  const lines = [...points].flatMap(([name, list]) => {
    const last = list.at(-1);
    if (last === undefined) return [];
    return [
      element('path', { d: path(list), stroke: color(name), fill: 'none', 'stroke-width': 2 }),
      ...list.map(({ size, seconds }) => element('circle', { cx: x(size), cy: y(seconds), r: 3.5, fill: color(name) })),
      text(x(last.size) + 8, y(last.seconds) + 4, name),
    ];
  });
  const linear = element('path', {
    d: path(linearLine(points.get('kiln') ?? [])),
    stroke: '#222',
    fill: 'none',
    'stroke-dasharray': '4 3',
  });
  return picture(
    width,
    height,
    `${line}: seconds over ${unit}; dashed: linear to Kiln's last`,
    ...grid,
    linear,
    ...lines,
  );
}

/** Through the last point; as far down as the fastest one. */
function linearLine(points: readonly Point[]): readonly Point[] {
  const last = points.at(-1);
  const least = Math.min(...points.map(({ seconds }) => seconds));
  if (last === undefined) return [];
  return [{ size: (last.size * least) / last.seconds, seconds: least }, last];
}

interface Decades {
  /** Exponents of ten. */
  readonly from: number;
  readonly to: number;
}

function decades(values: readonly number[]): Decades {
  if (values.length === 0) return { from: 0, to: 1 };
  const from = Math.floor(Math.log10(Math.min(...values)));
  return { from, to: Math.max(from + 1, Math.ceil(Math.log10(Math.max(...values)))) };
}

function powers({ from, to }: Decades): readonly number[] {
  return numbers(to - from + 1).map((n) => Number(`1e${from + n}`));
}

function at(value: number, { from, to }: Decades, start: number, end: number): number {
  return start + ((Math.log10(value) - from) / (to - from)) * (end - start);
}
