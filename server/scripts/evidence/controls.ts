/** The honest control of a cure: a change of the same size in a random field and direction. */
import { type Change, type Operation, set } from '../../src/run/change.ts';
import type { FieldId } from '../../src/run/fields.ts';
import { type TrainingRun, valueOf } from '../../src/run/training-run.ts';
import { significant } from '../../src/symptoms/statistics.ts';
import { text } from '../../src/text.ts';
import { inertiaOf } from './scenarios.ts';
import type { Subject } from './subjects.ts';

/** A change from or to nothing, or of a word, counts as a factor of ten. */
const wordSize = Math.log(10);
/** Where a run has no such setting, the random change starts from a usual value. */
const usual = { weightDecay: 0.01, clipNorm: 1, warmupRatio: 0.05 };

/** |ln(to / from)| of a change's largest operation; of 1 − μ for momentum and β₁. */
export function sizeOf(run: TrainingRun, change: Change): number {
  let size = 0;
  for (const operation of change.operations) {
    if (operation.op !== 'set') continue;
    const from = measure(operation.field, valueOf(run, operation.field));
    const to = measure(operation.field, operation.value);
    const ratio = from && to ? Math.abs(Math.log(to / from)) : wordSize;
    size = Math.max(size, ratio);
  }
  return size || wordSize;
}

function measure(field: FieldId, value: unknown): number | undefined {
  if (typeof value !== 'number') return undefined;
  return field === 'momentum' || field === 'beta1' ? 1 - value : value;
}

/** One draw of field and direction, the same for the same name. */
export function randomChange(subject: Subject, run: TrainingRun, size: number, name: string): Change {
  const random = generator(name);
  const inertia = inertiaOf(subject);
  const fields = [
    'learningRate',
    'weightDecay',
    'clipNorm',
    'warmupRatio',
    ...(inertia ? [inertia] : []),
  ] as const;
  const field = fields[Math.floor(random() * fields.length)] ?? 'learningRate';
  const factor = Math.exp(random() < 0.5 ? size : -size);
  const operation = operationOn(run, field, factor);
  return { title: text(`random: ${field}`, `무작위: ${field}`), safe: false, operations: [operation] };
}

function operationOn(
  run: TrainingRun,
  field: 'learningRate' | 'weightDecay' | 'clipNorm' | 'warmupRatio' | 'momentum' | 'beta1',
  factor: number,
): Operation {
  const now = valueOf(run, field);
  switch (field) {
    case 'momentum':
    case 'beta1':
      return set(field, Math.min(0.999, Math.max(0, 1 - (1 - (now ?? 0.9)) * factor)));
    case 'learningRate':
      return set(field, significant((now ?? 0) * factor, 4));
    case 'weightDecay':
      return set(field, Math.min(1, significant((now || usual.weightDecay) * factor, 4)));
    case 'clipNorm':
      return set(field, significant((now || usual.clipNorm) * factor, 4));
    case 'warmupRatio':
      return set(field, Math.min(0.5, (now || usual.warmupRatio) * factor));
  }
}

/** Mulberry32 on an FNV-1a hash of the name: numbers in [0, 1). */
function generator(name: string): () => number {
  let state = 0x811c9dc5;
  for (const char of name) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
