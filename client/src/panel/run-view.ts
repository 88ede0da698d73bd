/**
 * What the run panel shows, as plain data: a reducer over the messages of a run. The extension keeps it for tests and
 * for a panel that is shown again; the page keeps it to draw and to survive a reload. No `vscode`, no DOM.
 */
import type {
  FixVerdict,
  RunDone,
  RunFixMessage,
  RunSpecMessage,
  RunStaleMessage,
  RunStepsMessage,
  RunSymptomMessage,
  SwitchingResult,
} from '../../../server/src/lsp/protocol.ts';

export interface Series {
  readonly steps: number[];
  readonly loss: (number | null)[];
  readonly gradNorm: (number | null)[];
  readonly lr: (number | null)[];
}

export interface FixView {
  readonly id: string;
  readonly symptom: string;
  readonly title: string;
  readonly verdict: FixVerdict | null;
  readonly ratio?: number;
  readonly applicable: boolean;
  /** What came of "Apply". */
  readonly applied?: 'yes' | 'failed';
  readonly why?: string;
}

export interface RunView {
  readonly token: string;
  readonly file: string;
  readonly label: string;
  readonly state: 'starting' | 'running' | 'done';
  readonly spec?: RunSpecMessage;
  readonly series: Readonly<Record<string, Series>>;
  readonly symptoms: readonly RunSymptomMessage[];
  readonly fixes: readonly FixView[];
  readonly done?: RunDone;
  /** The config has changed since. */
  readonly stale?: boolean;
  /** The trial of a switch from Adam to SGD, once it was asked for. */
  readonly switching?: 'training' | SwitchingResult;
}

/** For tests: what a user could read off the panel. */
export interface PanelSnapshot {
  readonly view: RunView;
  /** Whether the page has drawn at least once. */
  readonly drawn: boolean;
}

export type RunEvent =
  | { readonly type: 'begin'; readonly token: string; readonly file: string; readonly label: string }
  | { readonly type: 'spec'; readonly message: RunSpecMessage }
  | { readonly type: 'steps'; readonly message: RunStepsMessage }
  | { readonly type: 'symptom'; readonly message: RunSymptomMessage }
  | { readonly type: 'fix'; readonly message: RunFixMessage }
  | { readonly type: 'applied'; readonly id: string; readonly ok: boolean; readonly why?: string }
  | { readonly type: 'done'; readonly message: RunDone }
  | { readonly type: 'stale'; readonly message: RunStaleMessage }
  | { readonly type: 'switching-start' }
  | { readonly type: 'switching'; readonly message: SwitchingResult };

export function emptyView(token: string, file: string, label: string): RunView {
  return { token, file, label, state: 'starting', series: {}, symptoms: [], fixes: [] };
}

/** The view after an event. Events of other runs leave it as it is. */
export function reduce(view: RunView, event: RunEvent): RunView {
  if (event.type === 'begin') return emptyView(event.token, event.file, event.label);
  if ('message' in event && event.message.token !== view.token) return view;
  switch (event.type) {
    case 'spec':
      return { ...view, state: 'running', spec: event.message };
    case 'steps':
      return { ...view, state: 'running', series: withSteps(view.series, event.message) };
    case 'symptom':
      return { ...view, symptoms: [...view.symptoms, event.message] };
    case 'fix':
      return { ...view, fixes: withFix(view.fixes, event.message) };
    case 'applied':
      return {
        ...view,
        fixes: view.fixes.map((fix) => (fix.id === event.id ? afterApply(fix, event) : fix)),
      };
    case 'done':
      return { ...view, state: 'done', done: event.message };
    case 'stale':
      return { ...view, stale: event.message.stale };
    case 'switching-start':
      return { ...view, switching: 'training' };
    case 'switching':
      return { ...view, switching: event.message };
  }
}

function withSteps(all: RunView['series'], message: RunStepsMessage): RunView['series'] {
  const before = all[message.series] ?? { steps: [], loss: [], gradNorm: [], lr: [] };
  return {
    ...all,
    [message.series]: {
      steps: [...before.steps, ...message.steps],
      loss: [...before.loss, ...message.loss],
      gradNorm: [...before.gradNorm, ...message.gradNorm],
      lr: [...before.lr, ...message.lr],
    },
  };
}

const order: Readonly<Record<FixVerdict, number>> = { heals: 0, partly: 1, no: 2, worse: 3 };

/** What was measured to help stands first; what is still being tried, last. */
function withFix(fixes: readonly FixView[], { token: _, ...fix }: RunFixMessage): FixView[] {
  const rank = (one: FixView) => (one.verdict === null ? 4 : order[one.verdict]);
  const others = fixes.filter(({ id }) => id !== fix.id);
  return [...others, fix].sort((a, b) => rank(a) - rank(b) || (a.ratio ?? 1) - (b.ratio ?? 1));
}

function afterApply(fix: FixView, { ok, why }: { ok: boolean; why?: string }): FixView {
  return { ...fix, applied: ok ? 'yes' : 'failed', ...(why === undefined ? {} : { why }) };
}
