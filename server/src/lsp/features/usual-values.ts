import type { ConfigFile } from '../../engine/config-file.ts';
import { architecturePreference, asRange } from '../../knowledge/architectures.ts';
import { domainPreference } from '../../knowledge/domains.ts';
import { isOptimizerId } from '../../knowledge/ids.ts';
import type { UsualValue } from '../../knowledge/numbers.ts';
import { optimizerById } from '../../knowledge/optimizers.ts';
import { cite } from '../../rules/support/cite.ts';
import { formatNumber, formatRange } from '../../rules/support/numbers.ts';
import { usualFor } from '../../rules/support/usual.ts';
import type { FieldId } from '../../run/fields.ts';
import { situationsOf } from '../../run/situation.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { type Text, text } from '../../text.ts';

/** One line of "usual here", with who says so and the table row it stands in. */
export interface UsualLine {
  readonly says: Text;
  readonly by: Text;
  readonly row: string;
}

/** More lines than this are a table, not a hint. */
const mostLines = 3;

/** The settings of the usual-values table that speak of a field. */
const tableSettings: Partial<Record<FieldId, UsualValue['setting']>> = {
  weightDecay: 'weightDecay',
  momentum: 'momentum',
  beta1: 'beta1',
  beta2: 'beta2',
  eps: 'epsilon',
  clipNorm: 'gradientClipping.norm',
  warmupRatio: 'warmupFraction',
  warmupSteps: 'warmupFraction',
  warmupEpochs: 'warmupFraction',
  minLearningRate: 'minLearningRateFraction',
  minLearningRateRatio: 'minLearningRateFraction',
  epochs: 'epochs',
  batchPerDevice: 'batchSize',
  globalBatch: 'batchSize',
};

/** What the tables call usual for a field of this run; most specific first, empty where they say nothing. */
export function usualValues(file: ConfigFile, index: number, field: FieldId): UsualLine[] {
  const run = file.runs[index];
  if (!run) return [];
  return [
    ...byArchitecture(run, field),
    ...byDomain(run, field),
    ...bySituation(run, field),
    ...byTable(file, run, field),
  ].slice(0, mostLines);
}

function byArchitecture(run: TrainingRun, field: FieldId): UsualLine[] {
  const architecture = valueOf(run, 'architecture');
  if (!architecture) return [];
  const row = architecturePreference(architecture);
  const line = (en: string, ko = en): UsualLine[] => [
    {
      says: text(`${row.name}: ${en}`, `${row.name}: ${ko}`),
      by: cite(row.sources),
      row: `architecture-preferences/${row.id}`,
    },
  ];
  if (field === 'optimizer') return line(optimizerById(row.optimizer).name);
  if (field === 'batchPerDevice' || field === 'globalBatch' || field === 'gradientAccumulation') {
    const { low, high } = asRange(row.batchSize);
    const range = formatRange(low, high);
    return line(`global batch ${range.en}`, `전체 배치 ${range.ko}`);
  }
  if (field === 'schedule' && row.facts.schedule) return line(row.facts.schedule.kinds.join(', '));
  return [];
}

function byDomain(run: TrainingRun, field: FieldId): UsualLine[] {
  const domain = valueOf(run, 'domain');
  if (!domain) return [];
  const row = domainPreference(domain);
  const at = `domain-preferences/${row.id}`;
  if (field === 'optimizer') {
    const ranked = row.preferences
      .toSorted((a, b) => a.rank - b.rank)
      .map(({ optimizer }) => optimizerById(optimizer).name)
      .join(' > ');
    const says = text(`${row.name.en}: ${ranked}`, `${row.name.ko}: ${ranked}`);
    return [{ says, by: cite(row.sources), row: at }];
  }
  if (field !== 'schedule') return [];
  const { text: said, sources } = row.schedule;
  return [
    { says: text(`${row.name.en}: ${said.en}`, `${row.name.ko}: ${said.ko}`), by: cite(sources), row: at },
  ];
}

/** Learning rates belong to situations: from scratch or fine-tuning, full or LoRA, and the optimizer. */
function bySituation(run: TrainingRun, field: FieldId): UsualLine[] {
  if (field !== 'learningRate') return [];
  const optimizer = valueOf(run, 'optimizer');
  return situationsOf(run)
    .filter(({ optimizers }) => isOptimizerId(optimizer) && optimizers.includes(optimizer))
    .map((row) => {
      const { usual, typical } = row.learningRate;
      const range = formatRange(usual.low, usual.high);
      return {
        says: text(
          `${row.title.en}: ${range.en}, often ${formatNumber(typical)}`,
          `${row.title.ko}: ${range.ko}, 흔히 ${formatNumber(typical)}`,
        ),
        by: cite(row.sources),
        row: `situations/${row.id}`,
      };
    });
}

function byTable(file: ConfigFile, run: TrainingRun, field: FieldId): UsualLine[] {
  const setting = tableSettings[field];
  const row = setting && usualFor(run, setting, file.dialect.id)?.row;
  if (!row) return [];
  return [
    {
      says: text(`${row.title.en}: ${row.text.en}`, `${row.title.ko}: ${row.text.ko}`),
      by: cite(row.sources),
      row: `usual-values/${row.id}`,
    },
  ];
}
