import { type InlayHint, InlayHintKind, type Range } from 'vscode-languageserver/node';
import { positionAt } from '../../document/position.ts';
import type { Span } from '../../document/types.ts';
import { formatCount, formatNumber, formatPercent } from '../../rules/support/numbers.ts';
import type { FieldId, ScheduleKind } from '../../run/fields.ts';
import { optimizerStateBytes } from '../../run/memory.ts';
import { factorAt, scheduleShape } from '../../run/schedule.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { type Language, type Text, text } from '../../text.ts';
import type { Analysis } from '../analysis.ts';
import { overlaps, toRange } from '../convert.ts';
import { formatBytes } from './numbers.ts';

interface Hint {
  readonly span: Span;
  readonly label: Text;
  readonly why?: Text;
}

/** What follows from the numbers of the file and does not stand in it. */
export function inlayHints(analysis: Analysis, range: Range, language: Language): InlayHint[] {
  const { file, document } = analysis.opened;
  if (!file || !document) return [];
  const hints = file.runs.flatMap((run) => [
    ...batchHints(run),
    ...lengthHints(run),
    ...warmupHints(run),
    ...rateHints(run),
    ...memoryHints(run),
  ]);
  const seen = new Set<string>();
  return hints.flatMap(({ span, label, why }): InlayHint[] => {
    const key = `${span.end} ${label.en}`;
    if (seen.has(key) || !overlaps(toRange(document, span), range)) return [];
    seen.add(key);
    return [
      {
        position: positionAt(document, span.end),
        label: label[language],
        kind: InlayHintKind.Parameter,
        paddingLeft: true,
        ...(why ? { tooltip: why[language] } : {}),
      },
    ];
  });
}

/** The first of the fields that the file itself states, where a hint about it can stand. */
function stated(run: TrainingRun, ...fields: FieldId[]): Span | undefined {
  for (const field of fields) {
    const setting = run.settings[field];
    if (setting?.from === 'file' && setting.span) return setting.span;
  }
  return undefined;
}

function hint(span: Span | undefined, label: Text, why: Text | undefined): Hint[] {
  return span ? [{ span, label, ...(why ? { why } : {}) }] : [];
}

function batchHints(run: TrainingRun): Hint[] {
  const { globalBatch } = run.settings;
  if (globalBatch?.from !== 'derived' || globalBatch.value === valueOf(run, 'batchPerDevice')) return [];
  const count = formatCount(globalBatch.value);
  return hint(
    stated(run, 'gradientAccumulation', 'batchPerDevice'),
    text(`${count} samples per step`, `스텝당 샘플 ${count}개`),
    globalBatch.why,
  );
}

function lengthHints(run: TrainingRun): Hint[] {
  const { totalSteps } = run.settings;
  // A step limit says the length itself, and the number of epochs then says nothing.
  if (totalSteps?.from !== 'derived' || stated(run, 'maxSteps')) return [];
  const count = formatCount(totalSteps.value);
  return hint(stated(run, 'epochs'), text(`${count} steps`, `${count}스텝`), totalSteps.why);
}

function warmupHints(run: TrainingRun): Hint[] {
  const { warmupSteps, warmupRatio } = run.settings;
  if (warmupSteps?.from === 'derived' && warmupSteps.value > 0) {
    const count = formatCount(warmupSteps.value);
    return hint(
      stated(run, 'warmupRatio', 'warmupEpochs'),
      text(`${count} steps`, `${count}스텝`),
      warmupSteps.why,
    );
  }
  if (warmupRatio?.from !== 'derived' || warmupRatio.value <= 0) return [];
  const share = formatPercent(warmupRatio.value);
  return hint(stated(run, 'warmupSteps'), text(`${share} of training`, `전체의 ${share}`), warmupRatio.why);
}

/** Schedules whose end the file decides alone; of others a curve can be drawn, but no number stated. */
const endsWhereItSays: ReadonlySet<ScheduleKind> = new Set<ScheduleKind>(['linear', 'cosine', 'polynomial']);

function rateHints(run: TrainingRun): Hint[] {
  const rate = valueOf(run, 'learningRate');
  const shape = scheduleShape(run);
  if (rate === undefined || !shape || !endsWhereItSays.has(shape.kind)) return [];
  const final = rate * factorAt(shape, 1);
  if (!Number.isFinite(final) || final === rate) return [];
  const shown = formatNumber(final < rate * 1e-9 ? 0 : final);
  return hint(
    stated(run, 'minLearningRateRatio', 'schedule'),
    text(`ends at ${shown}`, `최종 학습률 ${shown}`),
    run.settings.minLearningRate?.why,
  );
}

function memoryHints(run: TrainingRun): Hint[] {
  const bytes = optimizerStateBytes(run);
  if (!bytes) return [];
  const size = formatBytes(bytes);
  const why = text(
    'Memory the optimizer keeps beside the parameters, over all devices and before sharding.',
    '파라미터 외에 옵티마이저가 쓰는 메모리입니다. 모든 장치를 합친 값이며 샤딩 전 기준입니다.',
  );
  return hint(stated(run, 'optimizer'), text(`${size} of state`, `상태 메모리 ${size}`), why);
}
