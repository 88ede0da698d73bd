import pc from 'picocolors';
import { displayWidth } from '../wrap.ts';

export interface PlotLine {
  readonly name: string;
  /** Points in order of x; NaN and Infinity are left out. */
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly color: 'cyan' | 'green' | 'yellow' | 'magenta' | 'dim';
}

export interface PlotOptions {
  readonly title: string;
  /** Columns of the whole picture, axis included. */
  readonly width: number;
  /** Rows of the drawing area. */
  readonly height: number;
  readonly color: boolean;
  /** Logarithmic y axis; every drawn value must be above zero, others are left out. */
  readonly logY?: boolean;
  readonly logX?: boolean;
  /** A vertical mark at this x. */
  readonly markX?: number;
  readonly formatX?: (x: number) => string;
}

/** Dots of a braille cell by row and column of a 4 × 2 grid. */
const dots = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

const axisWidth = 9;

/** Curves drawn with braille dots (2 × 4 to a character), y labels at the left, a legend in the title line. */
export function plot(lines: readonly PlotLine[], options: PlotOptions): string {
  const colors = pc.createColors(options.color);
  const columns = Math.max(10, options.width - axisWidth - 2);
  const rows = options.height;
  const onX = (x: number) => (options.logX ? Math.log10(x) : x);
  const onY = (y: number) => (options.logY ? Math.log10(y) : y);
  const drawable = lines.map((line) => ({
    ...line,
    points: line.points
      .filter(([x, y]) => Number.isFinite(onX(x)) && Number.isFinite(onY(y)))
      .map(([x, y]) => [onX(x), onY(y)] as const),
  }));
  const all = drawable.flatMap(({ points }) => points);
  if (all.length === 0) return '';
  const x = extent(all.map(([each]) => each));
  const y = extent(all.map(([, each]) => each));
  const cells: number[][] = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  const owner: (string | undefined)[][] = Array.from({ length: rows }, () => new Array<undefined>(columns));
  const toColumn = (value: number) => Math.round(((value - x.low) / x.span) * (columns * 2 - 1));
  const toRow = (value: number) => Math.round((1 - (value - y.low) / y.span) * (rows * 4 - 1));
  const dot = (column: number, row: number, color: string) => {
    const cell = cells[row >> 2];
    const mask = dots[row & 3]?.[column & 1];
    if (!cell || mask === undefined || cell[column >> 1] === undefined) return;
    cell[column >> 1] = (cell[column >> 1] ?? 0) | mask;
    const owners = owner[row >> 2];
    if (owners) owners[column >> 1] = color;
  };
  if (options.markX !== undefined && Number.isFinite(onX(options.markX))) {
    const column = toColumn(Math.min(x.high, Math.max(x.low, onX(options.markX))));
    for (let row = 0; row < rows * 4; row += 2) dot(column, row, 'yellow');
  }
  // The first line is drawn last and so lies on top.
  for (const { points, color } of drawable.toReversed()) {
    let before: readonly [number, number] | undefined;
    for (const [px, py] of points) {
      const here = [toColumn(px), toRow(py)] as const;
      stroke(before ?? here, here, (column, row) => dot(column, row, color));
      before = here;
    }
  }
  const paint = (text: string, color: string | undefined) =>
    color && color in colors ? (colors[color as 'cyan'] as (text: string) => string)(text) : text;
  const legend = lines.map(({ name, color }) => paint(`━ ${name}`, color)).join('  ');
  const body = cells.map((row, index) => {
    const label =
      index === 0
        ? number(unscale(y.high, options.logY))
        : index === rows - 1
          ? number(unscale(y.low, options.logY))
          : '';
    const drawn = row.map((mask, column) =>
      mask === 0 ? ' ' : paint(String.fromCharCode(0x2800 + mask), owner[index]?.[column]),
    );
    const edge = label ? '┤' : '│';
    return `${colors.dim(`${label.padStart(axisWidth - 1)} ${edge}`)}${drawn.join('')}`;
  });
  const format = options.formatX ?? number;
  const left = format(unscale(x.low, options.logX));
  const right = format(unscale(x.high, options.logX));
  const gap = Math.max(1, columns - displayWidth(left) - displayWidth(right));
  const foot = [
    colors.dim(`${' '.repeat(axisWidth)}└${'─'.repeat(columns)}`),
    colors.dim(`${' '.repeat(axisWidth + 1)}${left}${' '.repeat(gap)}${right}`),
  ];
  return `${[`${colors.bold(options.title)}  ${legend}`, ...body, ...foot].join('\n')}\n`;
}

function extent(values: readonly number[]): { low: number; high: number; span: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high, span: high - low || 1 };
}

function unscale(value: number, log: boolean | undefined): number {
  return log ? 10 ** value : value;
}

function number(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size >= 1e5 || size < 1e-3) return value.toExponential(1);
  return String(Number(value.toPrecision(3)));
}

/** Every cell between two points of the dot grid (Bresenham). */
function stroke(
  [fromX, fromY]: readonly [number, number],
  [toX, toY]: readonly [number, number],
  visit: (x: number, y: number) => void,
): void {
  const dx = Math.abs(toX - fromX);
  const dy = -Math.abs(toY - fromY);
  const stepX = fromX < toX ? 1 : -1;
  const stepY = fromY < toY ? 1 : -1;
  let error = dx + dy;
  let x = fromX;
  let y = fromY;
  for (;;) {
    visit(x, y);
    if (x === toX && y === toY) return;
    const twice = 2 * error;
    if (twice >= dy) {
      error += dy;
      x += stepX;
    }
    if (twice <= dx) {
      error += dx;
      y += stepY;
    }
  }
}
