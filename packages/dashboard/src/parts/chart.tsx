import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useTheme } from '../theme.ts';

export interface Series {
  label: string;
  values: (number | null)[];
  /** A custom property of the style sheet. */
  color: string;
  dashed?: boolean;
  fill?: boolean;
}

/**
 * Lines over days or over plain numbers, with a legend that follows the pointer. The picture is for the eye; `summary`
 * says the same in words, and pages give the figures as a table too.
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
  /** Whether x is in seconds since 1970. */
  time?: boolean;
  /** Whose midnights and hours the axis shows. */
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
    const line = ink('--line');
    const font = '12px system-ui, sans-serif';
    const axis = { stroke: soft, font, ticks: { stroke: line, size: 4 }, grid: { stroke: line, width: 1 } };
    const accent = ink('--accent');
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height,
        tzDate: (at) => uPlot.tzDate(new Date(at * 1000), zone),
        scales: { x: { time }, y: { range: (_, __, max) => [0, max > 0 ? max * 1.08 : 1] } },
        cursor: { y: false, drag: { x: false, y: false } },
        legend: { live: true },
        series: [
          { label: xLabel, value: (_, at) => (at === null ? '–' : (formatX ?? String)(at)) },
          ...series.map(({ label, color, dashed, fill }) => ({
            label,
            stroke: ink(color),
            width: 2,
            ...(dashed ? { dash: [5, 5] } : {}),
            ...(fill ? { fill: ink(`${color}-tint`) } : {}),
            points: { show: x.length < 3 },
            value: (_: uPlot, y: number | null) => (y === null ? '–' : formatY(y)),
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
          { ...axis, ticks: { show: false }, size: 52, values: (_, at) => at.map(formatY) },
        ],
        hooks: {
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
