import type { FromPage } from '../messages.ts';
import type { FixView, RunView } from '../run-view.ts';
import type { PanelStrings } from '../strings.ts';
import { fillIn, h } from './dom.ts';
import { type FixGroup, groupFixes } from './fix-groups.ts';

export interface PartContext {
  readonly strings: PanelStrings;
  /** The run belongs to an earlier session. */
  readonly earlier: boolean;
  /** Nothing can be applied any more: the session or the config is another one. */
  readonly past: boolean;
  readonly send: (message: FromPage) => void;
}

/** The verdict first, then what was trained, then the way out that helped most. */
export function header(view: RunView, context: PartContext): Node[] {
  const { strings, earlier, send } = context;
  const { done, spec } = view;
  const outcome = done?.outcome ?? 'running';
  const headline = done?.headline ?? (view.state === 'starting' ? strings.starting : strings.training);
  const facts = [
    earlier && strings.earlier,
    spec && `${spec.optimizer} · ${spec.proxy}`,
    spec && fillIn(strings.step, progress(view)),
    done && done.seconds > 0 && fillIn(strings.seconds, done.seconds.toFixed(1)),
  ].filter(Boolean);
  // Once a fix is in the file, what is shown is the past: the next thing to do is to look again.
  const over = view.stale || view.fixes.some(({ applied }) => applied === 'yes');
  const next = over ? 'primary' : 'secondary';
  const button = (id: 'again' | 'cancel') =>
    h('button', { id, class: next, click: () => send({ type: id }) }, strings[id]);
  return [
    h(
      'div',
      { class: 'headline' },
      h('span', { class: `badge ${outcome}`, 'aria-hidden': 'true' }),
      h('h2', { role: 'status' }, headline),
      button(view.state === 'done' || earlier ? 'again' : 'cancel'),
    ),
    h(
      'p',
      { class: 'facts' },
      h('button', { id: 'file', class: 'link', click: () => send({ type: 'openFile' }) }, view.file),
      ...facts.map((fact) => h('span', {}, String(fact))),
    ),
    ...(view.stale ? [h('p', { class: 'stale', role: 'status' }, strings.stale)] : []),
    ...(done ? [h('p', { class: 'detail' }, done.detail)] : []),
    ...symptomList(view, strings),
    ...bestFix(view, context),
    ...ownModel(view, context),
  ];
}

/** Where the proxy cannot tell, or none could be trained, the honest next step is the real model. */
function ownModel({ done }: RunView, { strings, send }: PartContext): Node[] {
  if (!done || (done.cannotTell.length === 0 && done.outcome !== 'failed')) return [];
  const words = done.cannotTell.length > 0 && fillIn(strings.unseen, done.cannotTell.length);
  return [
    h(
      'p',
      { class: 'own-model' },
      words && h('span', {}, words),
      h('button', { id: 'measure', class: 'link', click: () => send({ type: 'measure' }) }, strings.measure),
    ),
  ];
}

function progress({ spec, series }: RunView): string {
  const at = series.yours?.steps.at(-1) ?? 0;
  return at === spec?.steps ? String(at) : `${at}/${spec?.steps ?? at}`;
}

/** What else was seen: the verdict speaks of the first symptom only. */
function symptomList({ symptoms, done }: RunView, strings: PanelStrings): Node[] {
  const others = done ? symptoms.slice(1) : symptoms;
  if (others.length === 0) return [];
  const rows = others.map(({ name, step, message }) =>
    h('li', {}, h('b', {}, name), ' ', h('span', {}, fillIn(strings.fromStep, step)), ` · ${message}`),
  );
  return [h('ul', { class: 'symptom-list' }, ...rows)];
}

function bestFix(view: RunView, context: PartContext): Node[] {
  const [best] = view.done ? groupFixes(view.fixes) : [];
  if (!best || (best.verdict !== 'heals' && best.verdict !== 'partly')) return [];
  return [h('ul', { class: 'fixes best' }, fixRow(best, context, 'best'))];
}

/** Each change with what came of it; those that were measured to help can be applied. */
export function fixList(view: RunView, context: PartContext): Node[] {
  const groups = groupFixes(view.fixes);
  if (groups.length === 0) return [];
  return [
    h('h3', {}, context.strings.fixes),
    h('ul', { class: 'fixes' }, ...groups.map((group) => fixRow(group, context, 'list'))),
  ];
}

function fixRow(group: FixGroup, { strings, past, send }: PartContext, place: 'best' | 'list'): HTMLElement {
  const { first, verdict } = group;
  const helps = verdict === 'heals' || verdict === 'partly';
  const ratio =
    first.ratio === undefined ? undefined : fillIn(strings.ratio, Number(first.ratio.toPrecision(2)));
  return h(
    'li',
    { class: verdict },
    h('span', { class: 'verdict' }, strings[verdict]),
    h('span', { class: 'title' }, unbroken(group.title), ratio && h('span', { class: 'ratio' }, ratio)),
    ...state(first, strings),
    helps && !first.applicable && h('span', { class: 'note' }, strings.adviceOnly),
    helps &&
      first.applicable &&
      first.applied !== 'yes' &&
      h(
        'button',
        {
          id: `apply-${place}-${first.id}`,
          class: place === 'best' ? 'primary' : 'secondary',
          disabled: past,
          'aria-label': `${strings.apply}: ${group.title}`,
          click: () => send({ type: 'apply', id: first.id }),
        },
        strings.apply,
      ),
  );
}

function state({ applied, why }: FixView, strings: PanelStrings): Node[] {
  if (applied === 'yes') return [h('span', { class: 'note' }, strings.applied)];
  return applied === 'failed' ? [h('span', { class: 'note failed' }, why ?? '')] : [];
}

/** Keeps `5e-4` on one line: browsers break after a hyphen. */
function unbroken(title: string): string {
  return title.replace(/e-(?=\d)/g, 'e\u2011');
}

/** What is folded away: how the config's numbers were carried over, and what the run can and cannot tell. */
export function foldedParts(view: RunView, strings: PanelStrings, open: ReadonlySet<string>): Node[] {
  return [limits(view, strings, open.has('limits')), scaledTable(view, strings, open.has('scaled'))].filter(
    (part) => part !== undefined,
  );
}

function limits({ done }: RunView, strings: PanelStrings, open: boolean): HTMLElement | undefined {
  if (!done || done.notes.length + done.cannotTell.length === 0) return undefined;
  return h(
    'details',
    { id: 'limits', open },
    h('summary', { id: 'limits-summary' }, strings.limits),
    h('ul', { class: 'notes' }, ...done.notes.map((note) => h('li', {}, note))),
    done.cannotTell.length > 0 && h('h4', {}, strings.cannotTell),
    h(
      'ul',
      { class: 'notes' },
      ...done.cannotTell.map(({ symptom, why }) => h('li', {}, h('b', {}, symptom), ` ${why}`)),
    ),
  );
}

function scaledTable({ spec }: RunView, strings: PanelStrings, open: boolean): HTMLElement | undefined {
  if (!spec) return undefined;
  const rows = spec.scaled.map(({ name, yours, proxy, why }) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, name),
      h('td', {}, yours),
      h('td', {}, proxy),
      h('td', { class: 'why' }, why),
    ),
  );
  const head = [strings.setting, strings.inConfig, strings.onProxy, strings.why];
  return h(
    'details',
    { id: 'scaled', open },
    h('summary', { id: 'scaled-summary' }, fillIn(strings.scaled, spec.proxy)),
    h('p', { class: 'note' }, spec.description),
    rows.length > 0 &&
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, ...head.map((word) => h('th', { scope: 'col' }, word)))),
        h('tbody', {}, ...rows),
      ),
    h('p', { class: 'note' }, `${spec.backend} · seed ${spec.seed}`),
  );
}
