import { curvePath } from './curve-path.ts';
import { h, svg } from './dom.ts';
import { linear, scaleFor, ticks, tickText } from './scale.ts';

export interface Line {
  /** CSS class: `yours`, `reference`, `fix`. */
  readonly kind: string;
  readonly name: string;
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
}

export interface ChartData {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Right end of the step axis. */
  readonly steps: number;
  /** Steps at which symptoms begin. */
  readonly marks: readonly number[];
  /** Whether this chart says which line is whose; below it the colours are known. */
  readonly legend: boolean;
  /** Step under the cursor, shared by all charts. */
  readonly cursor: number | undefined;
  readonly words: {
    readonly help: string;
    readonly logScale: string;
    readonly notFinite: (step: number) => string;
    readonly step: (step: number) => string;
  };
}

const margin = { left: 48, right: 12, top: 8, bottom: 20 };

/** One chart: a heading with the values under the cursor, and the curves below it. */
export class Chart {
  readonly element: HTMLElement;
  readonly #heading = h('h3');
  readonly #readout = h('span', { class: 'readout', 'aria-live': 'polite' });
  readonly #plot = svg('svg', { class: 'plot', tabindex: 0, role: 'img' });
  readonly #small: boolean;
  readonly #moved: (step: number | undefined) => void;
  #data: ChartData | undefined;

  /** `moved` is told the step under the pointer, or undefined when the pointer leaves. */
  constructor(moved: (step: number | undefined) => void, small = false) {
    this.#small = small;
    this.#moved = moved;
    this.element = h(
      'section',
      { class: small ? 'chart small' : 'chart' },
      h('header', {}, this.#heading, this.#readout),
      this.#plot,
    );
    this.#plot.addEventListener('pointermove', (event) => this.#point(event));
    this.#plot.addEventListener('pointerleave', () => this.#moved(undefined));
    this.#plot.addEventListener('blur', () => this.#moved(undefined));
    this.#plot.addEventListener('keydown', (event) => this.#key(event));
  }

  draw(data: ChartData): void {
    this.#data = data;
    const width = Math.max(160, this.#plot.clientWidth);
    const height = Math.max(40, this.#plot.clientHeight);
    const box = {
      left: margin.left,
      top: margin.top,
      width: width - margin.left - margin.right,
      height: height - margin.top - margin.bottom,
    };
    const x = linear(1, Math.max(2, data.steps));
    const y = scaleFor(finiteValues(data.lines));
    this.#heading.textContent = y.log ? `${data.title} · ${data.words.logScale}` : data.title;
    this.#plot.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#plot.setAttribute('aria-label', data.words.help);
    const parts: SVGElement[] = [];
    for (const tick of ticks(y, this.#small ? 2 : 4)) {
      const at = box.top + (1 - y.at(tick)) * box.height;
      if (at < box.top - 1 || at > box.top + box.height + 1) continue;
      parts.push(svg('line', { class: 'grid', x1: box.left, x2: box.left + box.width, y1: at, y2: at }));
      parts.push(
        svg('text', { class: 'tick', x: box.left - 6, y: at + 3.5, 'text-anchor': 'end' }, tickText(tick)),
      );
    }
    const bottom = box.top + box.height;
    for (const tick of ticks(x, Math.max(2, Math.floor(box.width / 90)))) {
      const at = box.left + x.at(tick) * box.width;
      parts.push(
        svg(
          'text',
          { class: 'tick', x: at, y: bottom + 14, 'text-anchor': anchorAt(at, width) },
          tickText(tick),
        ),
      );
    }
    parts.push(
      svg('line', { class: 'axis', x1: box.left, x2: box.left + box.width, y1: bottom, y2: bottom }),
    );
    for (const mark of data.marks) {
      const at = box.left + x.at(mark) * box.width;
      parts.push(svg('line', { class: 'mark', x1: at, x2: at, y1: box.top, y2: bottom }));
      parts.push(svg('path', { class: 'flag', d: `M${at - 4} ${box.top - 6}h8l-4 6z` }));
    }
    for (const line of data.lines) {
      const { path, end } = curvePath(line.steps, line.values, x, y, box);
      parts.push(svg('path', { class: `curve ${line.kind}`, d: path }));
      if (!end) continue;
      parts.push(svg('path', { class: `end ${line.kind}`, d: `M${end.x - 4} ${end.y - 4}l8 8m0-8l-8 8` }));
      if (line.kind === 'yours' && !this.#small)
        parts.push(
          svg(
            'text',
            {
              class: 'end-label',
              x: end.x > width / 2 ? end.x - 9 : end.x + 9,
              y: end.y + 12,
              'text-anchor': end.x > width / 2 ? 'end' : 'start',
            },
            data.words.notFinite(end.step),
          ),
        );
    }
    if (data.cursor !== undefined) {
      const at = box.left + x.at(data.cursor) * box.width;
      parts.push(svg('line', { class: 'cursor', x1: at, x2: at, y1: box.top, y2: bottom }));
      for (const line of data.lines) {
        const value = valueAt(line, data.cursor);
        if (value !== undefined)
          parts.push(
            svg('circle', {
              class: `dot ${line.kind}`,
              cx: at,
              cy: box.top + (1 - y.at(value)) * box.height,
              r: 3,
            }),
          );
      }
    }
    this.#plot.replaceChildren(...parts);
    this.#readout.replaceChildren(...readout(data));
  }

  #point(event: PointerEvent): void {
    if (!this.#data) return;
    const { left, width } = this.#plot.getBoundingClientRect();
    const share = (event.clientX - left - margin.left) / (width - margin.left - margin.right);
    this.#moved(clampStep(Math.round(1 + share * (this.#data.steps - 1)), this.#data.steps));
  }

  #key(event: KeyboardEvent): void {
    if (!this.#data) return;
    const stride = event.shiftKey ? Math.max(1, Math.round(this.#data.steps / 20)) : 1;
    const from = this.#data.cursor ?? this.#data.steps;
    const to = { ArrowLeft: from - stride, ArrowRight: from + stride, Home: 1, End: this.#data.steps }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    this.#moved(clampStep(to, this.#data.steps));
  }
}

function* finiteValues(lines: readonly Line[]): Generator<number> {
  for (const { values } of lines) for (const value of values) if (value !== null) yield value;
}

function clampStep(step: number, steps: number): number {
  return Math.min(Math.max(1, step), steps);
}

function anchorAt(at: number, width: number): string {
  return at > width - 24 ? 'end' : 'middle';
}

function valueAt({ steps, values }: Line, step: number): number | undefined {
  const index = steps.indexOf(step);
  return index < 0 ? undefined : (values[index] ?? undefined);
}

/** The names as a legend, and with a cursor the values. */
function readout({ lines, cursor, words, legend }: ChartData): Node[] {
  if (!legend && cursor === undefined) return [];
  const parts: Node[] = lines.map((line) => {
    const value = cursor === undefined ? undefined : valueAt(line, cursor);
    return h(
      'span',
      { class: `key ${line.kind}` },
      value === undefined ? line.name : `${line.name} ${Number(value.toPrecision(4))}`,
    );
  });
  if (cursor !== undefined) parts.unshift(h('span', { class: 'at' }, words.step(cursor)));
  return parts;
}
