import type { RunView, Series } from '../run-view.ts';
import type { PanelStrings } from '../strings.ts';
import { Chart, type Line } from './chart.ts';
import { fillIn, h } from './dom.ts';

/** Loss, gradient norm and learning rate over one axis of steps, with one cursor. */
export class Charts {
  readonly element: HTMLElement;
  readonly #loss: Chart;
  readonly #gradNorm: Chart;
  readonly #lr: Chart;
  #cursor: number | undefined;

  constructor(redraw: () => void) {
    const moved = (step: number | undefined) => {
      this.#cursor = step;
      redraw();
    };
    this.#loss = new Chart(moved);
    this.#gradNorm = new Chart(moved);
    this.#lr = new Chart(moved, true);
    this.element = h(
      'div',
      { class: 'charts' },
      this.#loss.element,
      this.#gradNorm.element,
      this.#lr.element,
    );
  }

  draw(view: RunView, strings: PanelStrings): void {
    const yours = view.series.yours;
    const steps = Math.max(view.spec?.steps ?? 0, yours?.steps.at(-1) ?? 0, 2);
    const marks = [...new Set(view.symptoms.map(({ step }) => step))];
    const words = (title: string) => ({
      help: fillIn(strings.chartHelp, title),
      logScale: strings.logScale,
      notFinite: (step: number) => fillIn(strings.notFinite, step),
      step: (step: number) => fillIn(strings.step, step),
    });
    const common = { steps, cursor: this.#cursor, legend: false };
    const { loss, gradNorm, lr } = strings;
    this.#loss.draw({
      ...common,
      legend: true,
      title: loss,
      words: words(loss),
      marks,
      lines: lines(view, strings, 'loss'),
    });
    this.#gradNorm.draw({
      ...common,
      title: gradNorm,
      words: words(gradNorm),
      marks,
      lines: lines(view, strings, 'gradNorm'),
    });
    const rate = yours ? [{ kind: 'yours', name: strings.yours, steps: yours.steps, values: yours.lr }] : [];
    this.#lr.draw({ ...common, title: lr, words: words(lr), marks: [], lines: rate });
  }
}

/** Drawn in this order, so that the config's own curve lies on top. */
function lines(view: RunView, strings: PanelStrings, metric: keyof Omit<Series, 'steps'>): Line[] {
  const best = view.fixes.find(({ verdict }) => verdict === 'heals' || verdict === 'partly');
  const drawn = [
    { kind: 'reference', name: strings.reference, series: view.series.reference },
    { kind: 'fix', name: strings.bestFix, series: best && view.series[best.id] },
    { kind: 'yours', name: strings.yours, series: view.series.yours },
  ];
  return drawn.flatMap(({ kind, name, series }) =>
    series && series.steps.length > 0 ? [{ kind, name, steps: series.steps, values: series[metric] }] : [],
  );
}
