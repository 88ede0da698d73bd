import { rangeOf } from '../document/position.ts';
import type { FieldId } from '../run/fields.ts';
import type { Setting } from '../run/setting.ts';
import type { TrainingRun } from '../run/training-run.ts';
import type { Language } from '../text.ts';
import type { ConfigFile } from './config-file.ts';

/** One leaf of `trainlint resolve`: the value, where it comes from, and where it stands. */
type Leaf = Record<string, unknown>;

/** What was understood of a file, in the contract's form. What is not known is absent. */
export function resolved(file: ConfigFile, lang: Language): Record<string, unknown> {
  return {
    file: file.fileName,
    dialect: file.dialect.id,
    confidence: Number(file.recognition.confidence.toFixed(3)),
    reasons: file.recognition.reasons.map((reason) => reason[lang]),
    runs: file.runs.map((run) => resolvedRun(file, run, lang)),
  };
}

function resolvedRun(file: ConfigFile, run: TrainingRun, lang: Language): Record<string, unknown> {
  const leaf = (field: FieldId) => leafOf(file, run.settings[field] as Setting<unknown> | undefined, lang);
  return compact({
    label: run.label || undefined,
    domain: leaf('domain'),
    architecture: leaf('architecture'),
    goal: leaf('goal'),
    traits: leaf('traits'),
    optimizer: leaf('optimizer'),
    lr: leaf('learningRate'),
    momentum: leaf('momentum'),
    betas: pair(leaf('beta1'), leaf('beta2')),
    eps: leaf('eps'),
    weightDecay: leaf('weightDecay'),
    batch: compact({
      perDevice: leaf('batchPerDevice'),
      accumulation: leaf('gradientAccumulation'),
      worldSize: leaf('worldSize'),
      global: leaf('globalBatch'),
    }),
    duration: compact({ steps: leaf('totalSteps'), epochs: leaf('epochs') }),
    schedule: compact({
      kind: leaf('schedule'),
      warmupSteps: leaf('warmupSteps'),
      warmupRatio: leaf('warmupRatio'),
      warmupEpochs: leaf('warmupEpochs'),
      minLr: leaf('minLearningRate'),
    }),
    clipping: compact({ norm: leaf('clipNorm'), value: leaf('clipValue') }),
    precision: leaf('precision'),
    dropout: leaf('dropout'),
    earlyStopping: compact({ patience: leaf('earlyStoppingPatience') }),
    model: leaf('model'),
    method: leaf('method'),
    objective: leaf('objective'),
    unreadable: run.opaque.size > 0 ? [...run.opaque.keys()] : undefined,
  });
}

function leafOf(file: ConfigFile, setting: Setting<unknown> | undefined, lang: Language): Leaf | undefined {
  if (setting === undefined || setting.value === undefined) return undefined;
  return compact({
    value: setting.value,
    from: origin(setting),
    path: setting.path,
    range: setting.span && rangeOf(file.document, setting.span),
    why: setting.why?.[lang],
  });
}

/** A comment stands in the file; project settings are a reasoned statement from outside it. */
function origin({ from }: Setting<unknown>): string {
  if (from === 'comment') return 'file';
  return from === 'project' ? 'inferred' : from;
}

/** β₁ and β₂ as one leaf when both are known from the same kind of place, as the contract has it. */
function pair(first: Leaf | undefined, second: Leaf | undefined): Leaf | undefined {
  if (!first || !second) return undefined;
  const stated = first.from === 'file' ? first : second;
  return compact({ ...stated, value: [first.value, second.value] });
}

function compact(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
