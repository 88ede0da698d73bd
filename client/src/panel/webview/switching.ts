import type { SwitchingArm, SwitchingResult } from '../../../../server/src/lsp/protocol.ts';
import type { RunView } from '../run-view.ts';
import type { PanelStrings } from '../strings.ts';
import { Chart } from './chart.ts';
import { fillIn, h } from './dom.ts';
import type { PartContext } from './parts.ts';

/** Colours of the charts above: the config's own run, what was changed, and what stands beside it. */
const kinds = { adam: 'yours', switch: 'fix', sgd: 'reference' } as const;

/** The trial of a switch from Adam to SGD: an offer first, then three curves, the verdict and how to do it. */
export class SwitchingPart {
  readonly element = h('section', { class: 'switching' });
  readonly #chart: Chart;
  #cursor: number | undefined;

  constructor(redraw: () => void) {
    this.#chart = new Chart((step) => {
      this.#cursor = step;
      redraw();
    });
  }

  draw(view: RunView, context: PartContext): void {
    const { strings } = context;
    const { switching, spec, done } = view;
    const offered = spec?.switchable === true && done !== undefined && done.outcome !== 'cancelled';
    this.element.hidden = !offered && switching === undefined;
    if (this.element.hidden) {
      this.element.replaceChildren();
      return;
    }
    const heading = h('h3', {}, strings.switching);
    if (switching === undefined || switching === 'training') {
      this.element.replaceChildren(heading, ...offer(switching === 'training', context));
      return;
    }
    const drawn = switching.arms.length > 0;
    this.element.replaceChildren(
      heading,
      h('p', { class: 'verdict-text', role: 'status' }, switching.detail),
      ...(drawn
        ? [this.#chart.element, armTable(switching.arms, strings), ...howTo(switching, strings)]
        : []),
    );
    if (drawn) this.#drawChart(switching, view, strings);
  }

  #drawChart({ arms, step }: SwitchingResult, { spec }: RunView, strings: PanelStrings): void {
    this.#chart.draw({
      title: strings.valLoss,
      legend: true,
      steps: spec?.steps ?? 2,
      marks: step === null ? [] : [step],
      cursor: this.#cursor,
      lines: arms.map(({ id, name, steps, valLoss }) => ({ kind: kinds[id], name, steps, values: valLoss })),
      words: {
        help: fillIn(strings.chartHelp, strings.valLoss),
        logScale: strings.logScale,
        notFinite: (at) => fillIn(strings.notFinite, at),
        step: (at) => fillIn(strings.step, at),
      },
    });
  }
}

function offer(training: boolean, { strings, earlier, send }: PartContext): Node[] {
  return [
    h('p', { class: 'note' }, strings.switchOffer),
    h(
      'button',
      {
        id: 'try-switch',
        class: 'secondary',
        disabled: training || earlier,
        click: () => send({ type: 'trySwitch' }),
      },
      training ? strings.training : strings.trySwitch,
    ),
  ];
}

function armTable(arms: readonly SwitchingArm[], strings: PanelStrings): HTMLElement {
  const number = (value: number | null) => (value === null ? strings.diverged : value.toPrecision(3));
  const rows = arms.map(({ id, name, losses, ratio, better }) =>
    h(
      'tr',
      { class: id },
      h('th', { scope: 'row' }, name),
      h('td', {}, losses.map(number).join(' · ')),
      h('td', {}, id === 'adam' ? '' : ratio === null ? strings.diverged : `${ratio.toFixed(2)} ×`),
      h('td', {}, id === 'adam' ? '' : `${better}/${losses.length}`),
    ),
  );
  const head = [strings.way, strings.endValLoss, strings.overAdam, strings.lowerOn];
  return h(
    'table',
    {},
    h('thead', {}, h('tr', {}, ...head.map((word) => h('th', { scope: 'col' }, word)))),
    h('tbody', {}, ...rows),
  );
}

function howTo({ rates, stages }: SwitchingResult, strings: PanelStrings): Node[] {
  return [
    h('p', { class: 'note' }, rates),
    h('h4', {}, strings.howToSwitch),
    h('ul', { class: 'notes' }, ...stages.map((stage) => h('li', {}, stage))),
  ];
}
