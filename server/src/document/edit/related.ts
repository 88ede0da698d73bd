import type { ConfigValue, MapNode } from '../types.ts';
import { isObject } from './values.ts';

/** Words of configuration keys that are set side by side. */
const families: readonly ReadonlySet<string>[] = [
  new Set([
    'lr',
    'learning',
    'rate',
    'warmup',
    'scheduler',
    'sched',
    'schedule',
    'cosine',
    'lrf',
    'lr0',
    'decay',
  ]),
  new Set([
    'optim',
    'optimizer',
    'beta',
    'betas',
    'beta1',
    'beta2',
    'adam',
    'momentum',
    'eps',
    'epsilon',
    'weight',
  ]),
  new Set(['grad', 'gradient', 'clip', 'clipping', 'norm', 'max', 'accumulation']),
  new Set(['batch', 'size', 'micro', 'per', 'device']),
  new Set(['epoch', 'epochs', 'steps', 'iters', 'train', 'num']),
];

/** Words that say little about what a key belongs to. */
const weak: ReadonlySet<string> = new Set([
  'max',
  'min',
  'num',
  'per',
  'steps',
  'size',
  'train',
  'type',
  'name',
  'use',
]);

function words(key: string): string[] {
  return key
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
}

/** Index of the key among `siblings` that a new `key` is best put after; the last one when none is related. */
export function nearestRelated(key: string, siblings: readonly string[]): number {
  const own = words(key);
  let best = siblings.length - 1;
  let bestScore = 0;
  siblings.forEach((sibling, index) => {
    const theirs = words(sibling);
    const shared = own.filter((word) => theirs.includes(word));
    const related = families.filter(
      (family) => own.some((word) => family.has(word)) && theirs.some((word) => family.has(word)),
    ).length;
    const score = shared.reduce((sum, word) => sum + (weak.has(word) ? 1 : 3), related);
    if (score > 0 && score >= bestScore) {
      best = index;
      bestScore = score;
    }
  });
  return best;
}

/** Index of the entry of `map` that a new key is best put after; a setting does not go behind a nested block. */
export function indexToFollow(map: MapNode, key: string, value: ConfigValue): number {
  const last = map.entries.length - 1;
  if (isObject(value)) return last;
  const isNear = map.entries.map((entry) => isShort(entry.value));
  const names = map.entries.map((entry, index) => (isNear[index] ? entry.key.name : ''));
  const related = nearestRelated(key, names);
  return isNear[related] ? related : last;
}

function isShort(value: MapNode['entries'][number]['value']): boolean {
  return value.kind === 'scalar' || value.kind === 'alias' || value.flow;
}
