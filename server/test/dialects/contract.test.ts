import assert from 'node:assert/strict';
import { writeChange } from '../../src/dialects/write.ts';
import { applyEdits } from '../../src/document/edit.ts';
import type { ConfigFile } from '../../src/engine/config-file.ts';
import type { Change, Operation } from '../../src/run/change.ts';
import type { FieldId } from '../../src/run/fields.ts';
import type { TrainingRun } from '../../src/run/training-run.ts';
import { expected } from './expected.ts';
import { fixtureText, openText } from './open.ts';

/** Values unlike those of the fixtures, to be written and read back. */
const probes: Readonly<Partial<Record<FieldId, readonly unknown[]>>> = {
  optimizer: ['adamw', 'sgd-momentum', 'sgd', 'nag', 'adam', 'lion', 'adafactor', 'rmsprop'],
  learningRate: [7e-5, 0.3],
  momentum: [0.85],
  nesterov: [true, false],
  beta1: [0.5],
  beta2: [0.97],
  eps: [1e-6],
  weightDecay: [0.07, 0],
  batchPerDevice: [24],
  gradientAccumulation: [3],
  globalBatch: [96, 384],
  epochs: [11],
  maxSteps: [3000],
  schedule: ['cosine', 'linear', 'constant'],
  warmupSteps: [40],
  warmupRatio: [0.25],
  warmupEpochs: [1],
  cooldownSteps: [150],
  cooldownRatio: [0.15],
  minLearningRate: [1e-6],
  minLearningRateRatio: [0.2],
  clipNorm: [2.5],
  clipValue: [0.5],
  dropout: [0.15],
  earlyStoppingPatience: [4],
  precision: ['bf16-mixed', 'fp16-mixed', 'fp32', 'bf16'],
};

/** Fields that move together, so that a change of one may show in another. */
const bonds: readonly (readonly FieldId[])[] = [
  // nanotron counts decay from the end of the warm-up.
  ['warmupSteps', 'warmupRatio', 'warmupEpochs', 'decaySteps'],
  // torchtitan and nanotron name the schedule by when its decay starts.
  ['cooldownSteps', 'cooldownRatio', 'schedule', 'decaySteps'],
  ['minLearningRate', 'minLearningRateRatio', 'learningRate'],
  ['batchPerDevice', 'gradientAccumulation', 'globalBatch', 'worldSize'],
  ['epochs', 'maxSteps', 'totalSteps'],
  ['beta1', 'beta2'],
];
/** With another optimizer come other arguments and other defaults. */
const ofOptimizer: readonly FieldId[] = [
  'momentum',
  'nesterov',
  'beta1',
  'beta2',
  'eps',
  'learningRate',
  'weightDecay',
  'optimizer',
];

function related(field: FieldId): readonly FieldId[] {
  if (field === 'optimizer') return ofOptimizer;
  if (field === 'momentum' || field === 'nesterov') return ['optimizer', 'beta1', 'momentum', 'nesterov'];
  return [
    ...bonds.filter((bond) => bond.includes(field)).flat(),
    ...(field === 'schedule' ? (['warmupSteps', 'warmupRatio', 'warmupEpochs'] as const) : []),
  ];
}

function stated(run: TrainingRun | undefined): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [field, setting] of Object.entries(run?.settings ?? {}))
    if (setting.from === 'file' || setting.from === 'default') values.set(field, setting.value);
  for (const field of run?.opaque.keys() ?? []) values.set(field, 'opaque');
  return values;
}

function changeOf(...operations: Operation[]): Change {
  return { title: { en: 'probe', ko: '시험' }, safe: false, operations };
}

function write(file: ConfigFile, index: number, change: Change): string | undefined {
  const edits = writeChange(file, index, change);
  return edits && applyEdits(file.document.text, edits);
}

function close(actual: unknown, wanted: unknown): boolean {
  if (typeof actual !== 'number' || typeof wanted !== 'number') return actual === wanted;
  return Math.abs(actual - wanted) <= 1e-5 * Math.max(Math.abs(actual), Math.abs(wanted));
}

/** A comment may only go with the line of a key that went. */
function assertCommentsStay(before: ConfigFile, after: ConfigFile, what: string): void {
  const left = new Set(after.document.comments.map(({ text }) => text));
  for (const { text, span, ownLine } of before.document.comments) {
    if (left.has(text)) continue;
    const { text: source } = before.document;
    const key = source.slice(source.lastIndexOf('\n', span.start) + 1, span.start).split(/[:=]/)[0] ?? '';
    assert.ok(
      !ownLine && !after.document.text.includes(`${key}:`) && !after.document.text.includes(`${key}=`),
      `${what} lost the comment "${text}"\n${after.document.text}`,
    );
  }
}

describe('every dialect: read, write, read', () => {
  for (const [name, { dialect }] of Object.entries(expected)) {
    const file = openText(fixtureText(name), name);
    if (!file) continue;
    for (const [index, run] of file.runs.entries()) {
      const label = `${name}${run.label ? ` (${run.label})` : ''}`;
      it(`${label}: says what is changed and nothing else`, () => {
        let written = 0;
        for (const [id, values] of Object.entries(probes)) {
          const field = id as FieldId;
          for (const value of values) {
            const what = `${field} = ${value}`;
            const text = write(file, index, changeOf({ op: 'set', field, value } as Operation));
            if (text === undefined) continue;
            written++;
            const again = openText(text, name, dialect);
            assert.ok(again, `${what}: still opens`);
            assert.deepEqual(
              again.document.problems,
              file.document.problems,
              `${what}: no new problems\n${text}`,
            );
            assertCommentsStay(file, again, what);
            const now = again.runs[index];
            const got = now?.settings[field]?.value;
            assert.ok(close(got, value), `${what}: reads ${got}\n${text}`);
            const before = stated(run);
            const after = stated(now);
            for (const other of new Set([...before.keys(), ...after.keys()])) {
              if (other === field || related(field).includes(other as FieldId)) continue;
              // timm and others compute the rate from the batch where the file has none.
              if (other === 'learningRate' && run.settings.learningRate?.from === 'default') continue;
              assert.deepEqual(after.get(other), before.get(other), `${what} moved ${other}\n${text}`);
            }
          }
        }
        if (dialect !== 'accelerate') assert.ok(written >= 3, `${label}: ${written} writable values`);
      });

      it(`${label}: a change that changes nothing edits nothing`, () => {
        for (const [id, setting] of Object.entries(run.settings)) {
          if (setting.from !== 'file' || !(id in probes)) continue;
          const text = write(
            file,
            index,
            changeOf({ op: 'set', field: id, value: setting.value } as Operation),
          );
          if (text === undefined) continue;
          const now = openText(text, name, dialect)?.runs[index];
          assert.ok(close(now?.settings[id as FieldId]?.value, setting.value), `${id}: ${text}`);
        }
      });
    }
  }
});
