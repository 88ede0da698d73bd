/** What the panel's page and the extension say to each other, checked on arrival. */
import type { RunEvent, RunView } from './run-view.ts';
import type { PanelStrings } from './strings.ts';

export type ToPage =
  | {
      readonly type: 'view';
      readonly view: RunView;
      readonly strings: PanelStrings;
      /** The run belongs to an earlier session of the window: nothing of it can be applied any more. */
      readonly earlier: boolean;
    }
  | { readonly type: 'event'; readonly event: RunEvent };

export type FromPage =
  | { readonly type: 'ready' }
  | { readonly type: 'drawn' }
  | { readonly type: 'apply'; readonly id: string }
  | { readonly type: 'again' }
  | { readonly type: 'trySwitch' }
  | { readonly type: 'cancel' }
  | { readonly type: 'measure' }
  | { readonly type: 'openFile' };

const plain: ReadonlySet<string> = new Set([
  'ready',
  'drawn',
  'again',
  'trySwitch',
  'cancel',
  'measure',
  'openFile',
]);

/** A message of the page, or undefined when it is none that we know. */
export function readFromPage(message: unknown): FromPage | undefined {
  if (typeof message !== 'object' || message === null || !('type' in message)) return undefined;
  const { type } = message;
  if (typeof type !== 'string') return undefined;
  if (plain.has(type)) return { type } as FromPage;
  if (type === 'apply' && 'id' in message && typeof message.id === 'string') return { type, id: message.id };
  return undefined;
}

/** A message of the extension, or undefined. Its insides are typed; only its shape is checked. */
export function readToPage(message: unknown): ToPage | undefined {
  if (typeof message !== 'object' || message === null || !('type' in message)) return undefined;
  if (message.type === 'view' && 'view' in message && isView(message.view)) return message as ToPage;
  if (message.type === 'event' && 'event' in message && typeof message.event === 'object')
    return message as ToPage;
  return undefined;
}

/** A view that an earlier session of the page left behind. */
export function isView(value: unknown): value is RunView {
  return (
    typeof value === 'object' &&
    value !== null &&
    'token' in value &&
    typeof value.token === 'string' &&
    'series' in value &&
    typeof value.series === 'object' &&
    'symptoms' in value &&
    Array.isArray(value.symptoms) &&
    'fixes' in value &&
    Array.isArray(value.fixes)
  );
}
