import type { FromPage } from '../messages.ts';
import type { FixView, RunView } from '../run-view.ts';
import type { PanelStrings } from '../strings.ts';
import { fillIn, h } from './dom.ts';

type Send = (message: FromPage) => void;

/** The verdict first, then what was trained, then what to do with the run. */
export function header(view: RunView, strings: PanelStrings, earlier: boolean, send: Send): Node[] {
  const { done, spec } = view;
  const outcome = done?.outcome ?? 'running';
  const headline = done?.headline ?? (view.state === 'starting' ? strings.starting : strings.training);
  const facts = [
    earlier && strings.earlier,
    spec && `${spec.optimizer} · ${spec.proxy}`,
    spec && fillIn(strings.step, progress(view)),
    done && done.seconds > 0 && fillIn(strings.seconds, done.seconds.toFixed(1)),
  ].filter(Boolean);
  return [
    h(
      'div',
      { class: 'headline' },
      h('span', { class: `badge ${outcome}`, 'aria-hidden': true }),
      h('h2', { role: 'status' }, headline),
      view.state === 'done' || earlier
        ? h(
            'button',
            { id: 'again', class: 'secondary', click: () => send({ type: 'again' }) },
            strings.again,
          )
        : h(
            'button',
            { id: 'cancel', class: 'secondary', click: () => send({ type: 'cancel' }) },
            strings.cancel,
          ),
    ),
    h(
      'p',
      { class: 'facts' },
      h('button', { id: 'file', class: 'link', click: () => send({ type: 'openFile' }) }, view.file),
      ...facts.map((fact) => h('span', {}, String(fact))),
    ),
    ...(done ? [h('p', { class: 'detail' }, done.detail)] : []),
  ];
}

function progress({ spec, series }: RunView): string {
  const at = series.yours?.steps.at(-1) ?? 0;
  return `${at}/${spec?.steps ?? at}`;
}

/** Each fix with what came of it; those that were measured to help can be applied. */
export function fixList(view: RunView, strings: PanelStrings, earlier: boolean, send: Send): Node[] {
  if (view.fixes.length === 0) return [];
  return [
    h('h3', {}, strings.fixes),
    h('ul', {}, ...view.fixes.map((fix) => fixRow(fix, strings, earlier, send))),
  ];
}

function fixRow(fix: FixView, strings: PanelStrings, earlier: boolean, send: Send): HTMLElement {
  const verdict = fix.verdict ?? 'trying';
  const helps = fix.verdict === 'heals' || fix.verdict === 'partly';
  const ratio = fix.ratio === undefined ? undefined : fillIn(strings.ratio, Number(fix.ratio.toPrecision(2)));
  return h(
    'li',
    { class: verdict },
    h('span', { class: 'verdict' }, strings[verdict]),
    h('span', { class: 'title' }, fix.title, ratio && h('span', { class: 'ratio' }, ratio)),
    fix.applied === 'yes' && h('span', { class: 'note' }, strings.applied),
    fix.applied === 'failed' && h('span', { class: 'note failed' }, fix.why ?? ''),
    helps && !fix.applicable && h('span', { class: 'note' }, strings.adviceOnly),
    helps &&
      fix.applicable &&
      fix.applied !== 'yes' &&
      h(
        'button',
        {
          id: `apply-${fix.id}`,
          class: fix.verdict === 'heals' ? 'primary' : 'secondary',
          disabled: earlier,
          'aria-label': `${strings.apply}: ${fix.title}`,
          click: () => send({ type: 'apply', id: fix.id }),
        },
        strings.apply,
      ),
  );
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
