/** One line of a panel: its points from left to right. */
export interface Series {
  name: string;
  points: { x: number; y: number /** Radius of its dot, where dots mean something. */; size?: number }[];
  /** Dots alone, where points are not to be joined. */
  dots?: boolean;
}

export interface Panel {
  title: string;
  x: Axis;
  y: Axis;
  series: Series[];
  /** The line on which both axes are equal. */
  diagonal?: boolean;
}

export interface Axis {
  label: string;
  from: number;
  to: number;
  ticks: number[];
  log?: boolean;
  format(value: number): string;
}

const PANEL = { width: 340, height: 220, left: 52, top: 34, right: 28, bottom: 46 };
const LEGEND = 34;

/** Plain text of an SVG picture that reads in light and in dark, by the reader's own setting. */
export function chart(title: string, panels: Panel[][]): string {
  const columns = Math.max(...panels.map((row) => row.length));
  const cell = {
    width: PANEL.left + PANEL.width + PANEL.right,
    height: PANEL.top + PANEL.height + PANEL.bottom,
  };
  const width = columns * cell.width;
  const height = LEGEND + panels.length * cell.height;
  const names = [...new Set(panels.flat().flatMap((panel) => panel.series.map(({ name }) => name)))];
  const legend = names.map((name, index) => {
    const x = PANEL.left + index * 185;
    return `<rect x="${x}" y="12" width="14" height="4" class="f${index}"/><text x="${x + 20}" y="18">${name}</text>`;
  });
  const drawn = panels.flatMap((row, y) =>
    row.map(
      (panel, x) =>
        `<g transform="translate(${x * cell.width + PANEL.left} ${LEGEND + y * cell.height + PANEL.top})">\n${draw(panel, names)}\n</g>`,
    ),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
<title>${title}</title>
<style>
text { font: 12px system-ui, sans-serif; fill: #333 }
.back { fill: #fff }
.title { font-weight: 600 } .right { text-anchor: end } .middle { text-anchor: middle }
.grid { stroke: #8884; fill: none } .diagonal { stroke: #888; stroke-dasharray: 4 4 }
.line { fill: none; stroke-width: 2; stroke-linejoin: round }
${style(['#0b63ce', '#c2410c', '#15803d', '#7e22ce'])}
@media (prefers-color-scheme: dark) {
text { fill: #ccc }
.back { fill: #1a2422 }
${style(['#6cb0ff', '#fb923c', '#4ade80', '#d8b4fe'])}
}
</style>
<rect class="back" width="${width}" height="${height}" rx="12"/>
${[...legend, ...drawn].join('\n')}
</svg>
`;
}

function style(colours: string[]): string {
  return colours
    .map((colour, index) => `.f${index} { fill: ${colour}; stroke: none } .s${index} { stroke: ${colour} }`)
    .join('\n');
}

function draw({ title, x, y, series, diagonal }: Panel, names: string[]): string {
  const left = scale(x, 0, PANEL.width);
  const top = scale(y, PANEL.height, 0);
  const grid = [
    ...x.ticks.map((tick) => {
      const at = left(tick);
      return `<path class="grid" d="M${at} 0V${PANEL.height}"/><text class="middle" x="${at}" y="${PANEL.height + 16}">${x.format(tick)}</text>`;
    }),
    ...y.ticks.map((tick) => {
      const at = top(tick);
      return `<path class="grid" d="M0 ${at}H${PANEL.width}"/><text class="right" x="-8" y="${at + 4}">${y.format(tick)}</text>`;
    }),
  ];
  // The first of the series is drawn last, on top of those it is compared with.
  const lines = series.toReversed().map(({ name, points, dots }) => {
    const index = names.indexOf(name);
    const placed = points.map((point) => ({ x: left(point.x), y: top(point.y), size: point.size ?? 2.5 }));
    const path = placed.map((point, at) => `${at === 0 ? 'M' : 'L'}${point.x} ${point.y}`).join('');
    const line = dots ? '' : `<path class="line s${index}" d="${path}"/>`;
    const marks = placed.map((p) => `<circle class="f${index}" cx="${p.x}" cy="${p.y}" r="${p.size}"/>`);
    return line + marks.join('');
  });
  return [
    `<text class="title" x="0" y="-14">${title}</text>`,
    ...grid,
    ...(diagonal ? [`<path class="diagonal" d="M0 ${PANEL.height}L${PANEL.width} 0"/>`] : []),
    ...lines,
    `<text class="middle" x="${PANEL.width / 2}" y="${PANEL.height + 36}">${x.label}</text>`,
  ].join('\n');
}

function scale({ from, to, log }: Axis, start: number, end: number): (value: number) => number {
  const along = (value: number) => (log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from));
  return (value) => Math.round(10 * (start + along(value) * (end - start))) / 10;
}
