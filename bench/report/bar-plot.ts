import type { Row } from '../session.ts';
import { format } from '../statistics.ts';
import { judge } from './judgement.ts';
import { color, element, picture, text } from './svg.ts';

const width = 720;
const left = 80;
const right = 130;
const bar = 22;
const top = 36;

/** A bar a builder: the median, with a whisker from the fastest run to the slowest, and the goal as a line. */
export function barPlot(row: Row): string {
  const { figures } = judge(row);
  const { id, title, goal } = row.workload;
  const most = Math.max(goal.seconds ?? 0, ...[...figures.values()].map(({ max }) => max)) || 1;
  const x = (seconds: number) => left + (seconds / most) * (width - left - right);
  const height = top + figures.size * (bar + 8) + 24;
  const bars = [...figures].flatMap(([name, { median, min, max, memory }], index) => {
    const y = top + index * (bar + 8);
    const middle = y + bar / 2;
    return [
      text(left - 8, middle + 4, name, 'end'),
      element('rect', { x: left, y, width: x(median) - left, height: bar, fill: color(name) }),
      element('path', {
        d: `M${x(min).toFixed(1)} ${middle}H${x(max).toFixed(1)}m0 -4v8M${x(min).toFixed(1)} ${middle - 4}v8`,
        stroke: '#222',
      }),
      text(x(max) + 8, middle + 4, `${format(median)} s, ${memory.toFixed(0)} MiB`),
    ];
  });
  return picture(width, height, `${id}: ${title}`, ...bars, ...goalLine());

  function goalLine(): readonly string[] {
    if (goal.seconds === undefined) return [];
    const at = x(goal.seconds);
    const d = `M${at.toFixed(1)} ${top - 6}V${height - 18}`;
    return [
      element('path', { d, stroke: '#222', 'stroke-dasharray': '4 3' }),
      text(at, height - 6, `goal ${goal.seconds} s`, 'middle'),
    ];
  }
}
