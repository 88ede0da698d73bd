import './panel.css';
import { type FromPage, isView, readToPage } from '../messages.ts';
import { type RunView, reduce } from '../run-view.ts';
import { english, type PanelStrings } from '../strings.ts';
import { Charts } from './charts.ts';
import { h } from './dom.ts';
import { fixList, foldedParts, header } from './parts.ts';
import { SwitchingPart } from './switching.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const vscode = acquireVsCodeApi();
const saved = vscode.getState();
let view: RunView | undefined = isView(saved) ? saved : undefined;
let strings: PanelStrings = english;
/** True while all there is comes from an earlier session of the window. */
let earlier = view !== undefined;
let wanted = false;

const top = h('div', { class: 'top' });
const fixes = h('div', { class: 'tried' });
const more = h('div', { class: 'more' });
const charts = new Charts(redraw);
const switching = new SwitchingPart(redraw);
document.getElementById('run')?.append(top, charts.element, fixes, switching.element, more);

window.addEventListener('message', ({ data }) => {
  const message = readToPage(data);
  if (!message) return;
  if (message.type === 'view') {
    view = message.view;
    strings = message.strings;
    earlier = message.earlier;
  } else if (view) {
    view = reduce(view, message.event);
  }
  redraw();
});
new ResizeObserver(redraw).observe(document.body);

/** Messages come faster than frames: draw once a frame, save once a drawing. */
function redraw(): void {
  if (wanted) return;
  wanted = true;
  requestAnimationFrame(() => {
    wanted = false;
    draw();
  });
}

function draw(): void {
  if (!view) return;
  const send = (message: FromPage) => vscode.postMessage(message);
  keepFocus(() => {
    if (!view) return;
    const context = { strings, earlier, past: earlier || view.stale === true, send };
    top.replaceChildren(...header(view, context));
    fixes.replaceChildren(...fixList(view, context));
    const open = new Set([...more.querySelectorAll('details')].filter((one) => one.open).map(({ id }) => id));
    switching.draw(view, context);
    more.replaceChildren(...foldedParts(view, strings, open));
  });
  charts.draw(view, strings);
  vscode.setState(view);
  vscode.postMessage({ type: 'drawn' });
}

/** Rebuilding a list must not throw a keyboard user back to the top of the page. */
function keepFocus(rebuild: () => void): void {
  const id = document.activeElement?.id;
  rebuild();
  if (id) document.getElementById(id)?.focus();
}

redraw();
vscode.postMessage({ type: 'ready' });
