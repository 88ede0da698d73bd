import type { LoadedValue } from '../../document/types.ts';
import type { MutableSettings } from '../../run/setting.ts';
import { text } from '../../text.ts';
import { absent, type Binding, type ConfigView } from '../dialect.ts';
import { key } from './bind.ts';
import { numberOf } from './numbers.ts';

/** `devices: 4`, `devices: [0, 1]`, `devices: "0,1"`; `auto` and `-1` are decided on the machine. */
export function deviceCount(view: ConfigView, name: string): number | undefined {
  const node = view.at(key(name));
  if (node?.kind === 'seq') return node.items.length || undefined;
  const value = view.value(key(name));
  const number = numberOf(value);
  if (number !== undefined) return Number.isInteger(number) && number > 0 ? number : undefined;
  const list = value?.kind === 'string' && /^\s*\d+(\s*,\s*\d+)+\s*$/.test(value.value);
  return list && value.kind === 'string' ? value.value.split(',').length : undefined;
}

/** World size as devices × nodes; `nodes` counts as one where the file does not say. Only read. */
export function worldOf(devices: string, nodes?: string): Binding {
  return {
    field: 'worldSize',
    paths: [key(devices)],
    readOnly: true,
    read: (_value: LoadedValue, view: ConfigView) => product(view, devices, nodes),
    readNode: (_node: unknown, view: ConfigView) => product(view, devices, nodes),
  } as unknown as Binding;
}

function product(view: ConfigView, devices: string, nodes: string | undefined) {
  const count = deviceCount(view, devices);
  const times =
    nodes === undefined ? 1 : (deviceCount(view, nodes) ?? (view.has(key(nodes)) ? undefined : 1));
  return count === undefined || times === undefined ? absent : count * times;
}

/** Accumulation is what is left of the global batch: `global / (micro × world)`, where the file has no key for it. */
export function accumulationFromGlobal(settings: MutableSettings): void {
  const global = settings.globalBatch?.value;
  const micro = settings.batchPerDevice?.value;
  const world = settings.worldSize?.value;
  if (global === undefined || micro === undefined || world === undefined) return;
  const times = global / (micro * world);
  if (settings.gradientAccumulation?.from === 'file' || !Number.isInteger(times) || times < 1) return;
  settings.gradientAccumulation = {
    value: times,
    from: 'derived',
    why: text(`${global} / (${micro} × ${world})`, `${global} / (${micro} × ${world})`),
  };
}
