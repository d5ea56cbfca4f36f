import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useTheme } from '../model/theme.ts';

export interface Series {
  label: string;
  values: (number | null)[];
  /** A custom property of the style sheet. */
  color: string;
  dashed?: boolean;
  fill?: boolean;
  /** Points by themselves, without a line to what stands beside them. */
  points?: boolean;
}

/** Steps of an axis of things that cannot be halved. */
const WHOLE = Array.from({ length: 9 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

/**
 * Lines over days or over plain numbers; what stands at the pointer's place is tooltip beside it. The picture is for the
 * eye; `summary` says the same in words, and pages give the figures as a table too.
 */
export function Chart({
  x,
  series,
  summary,
  xLabel,
  time = false,
  zone = 'UTC',
  height = 240,
  formatX,
  formatTick,
  formatY,
  mark,
}: {
  x: number[];
  series: Series[];
  summary: string;
  xLabel: string;
  /** True if x is in seconds since 1970. */
  time?: boolean;
  /** The time zone of the axis. */
  zone?: string;
  height?: number;
  formatX?: (x: number) => string;
  /** On the axis, where that is to be shorter. */
  formatTick?: (x: number) => string;
  formatY: (y: number) => string;
  /** A place on the x axis to be marked. */
  mark?: { x: number; label: string } | undefined;
}) {
  const box = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  useEffect(() => {
    const element = box.current as HTMLDivElement;
    const ink = (name: string) => {
      element.style.color = `var(${name})`;
      return getComputedStyle(element).color;
    };
    const soft = ink('--soft');
    const rule = ink('--line');
    const font = '12px system-ui, sans-serif';
    const axis = { stroke: soft, font, ticks: { stroke: rule, size: 4 }, grid: { stroke: rule, width: 1 } };
    const accent = ink('--accent');
    const paper = ink('--card');
    const isWhole = series.every(({ values }) => values.every((y) => y === null || Number.isInteger(y)));
    const tooltip = document.createElement('div');
    tooltip.className = 'tooltip';
    tooltip.hidden = true;
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height,
        tzDate: (at) => uPlot.tzDate(new Date(at * 1000), zone),
        scales: { x: { time }, y: { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] } },
        cursor: { y: false, drag: { x: false, y: false }, move: toPoint },
        legend: { live: false },
        series: [
          { label: xLabel },
          ...series.map(({ label, color, dashed, fill, points }) => ({
            label,
            stroke: ink(color),
            width: 2,
            ...(points ? { paths: () => null } : {}),
            ...(dashed ? { dash: [5, 5] } : {}),
            ...(fill ? { fill: ink(`${color}-tint`) } : {}),
            points: { show: points || x.length < 3, ...(points ? { size: 9, fill: paper } : {}) },
          })),
        ],
        axes: [
          {
            ...axis,
            grid: { show: false },
            size: 34,
            values: (_, at) => at.map(formatTick ?? formatX ?? String),
            space: 70,
          },
          {
            ...axis,
            ticks: { show: false },
            size: 52,
            values: (_, at) => at.map(formatY),
            ...(isWhole ? { incrs: WHOLE } : {}),
          },
        ],
        hooks: {
          init: [(drawn) => void drawn.over.append(tooltip)],
          setCursor: [
            (drawn) => {
              const at = drawn.cursor.idx;
              const place = at === null || at === undefined ? undefined : x[at];
              tooltip.hidden = place === undefined;
              if (at === null || at === undefined || place === undefined) return;
              const lines = series.flatMap(({ label, values }) => {
                const y = values[at] ?? null;
                return y === null ? [] : [`${label}: ${formatY(y)}`];
              });
              tooltip.replaceChildren(
                ...[`${xLabel} ${(formatX ?? String)(place)}`, ...(lines.length > 0 ? lines : ['No data'])].map(line),
              );
              const left = drawn.valToPos(place, 'x');
              const isRight = left > drawn.over.clientWidth / 2;
              tooltip.style.left = isRight ? '' : `${left + 12}px`;
              tooltip.style.right = isRight ? `${drawn.over.clientWidth - left + 12}px` : '';
            },
          ],
          draw: [
            (drawn) => {
              if (!mark) return;
              const left = drawn.valToPos(mark.x, 'x', true);
              const { ctx, bbox } = drawn;
              ctx.save();
              ctx.strokeStyle = accent;
              ctx.fillStyle = accent;
              ctx.lineWidth = devicePixelRatio;
              ctx.setLineDash([4, 4]);
              ctx.beginPath();
              ctx.moveTo(left, bbox.top);
              ctx.lineTo(left, bbox.top + bbox.height);
              ctx.stroke();
              ctx.font = `${12 * devicePixelRatio}px system-ui, sans-serif`;
              const toTheLeft = left > bbox.left + bbox.width / 2;
              ctx.textAlign = toTheLeft ? 'right' : 'left';
              ctx.fillText(mark.label, left + (toTheLeft ? -6 : 6), bbox.top + 14 * devicePixelRatio);
              ctx.restore();
            },
          ],
        },
      },
      [x, ...series.map(({ values }) => values)] as uPlot.AlignedData,
      element,
    );
    element.style.color = '';
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [x, series, theme, height, time, zone, xLabel, formatX, formatTick, formatY, mark]);
  return <div class="chart" ref={box} role="img" aria-label={summary} style={{ minHeight: `${height}px` }} />;
}

/** Moves the pointer's line to the nearest point, whose values are shown. */
function toPoint(plot: uPlot, left: number, top: number): [left: number, top: number] {
  const at = left < 0 ? undefined : plot.data[0][plot.posToIdx(left)];
  return [at === undefined ? left : plot.valToPos(at, 'x'), top];
}

function line(text: string): HTMLElement {
  const element = document.createElement('div');
  element.textContent = text;
  return element;
}
