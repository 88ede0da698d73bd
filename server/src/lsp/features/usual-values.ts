import type { ConfigFile } from '../../engine/config-file.ts';
import { architecturePreference, asRange } from '../../knowledge/architectures.ts';
import { domainPreference } from '../../knowledge/domains.ts';
import { type LimitId, limitRow } from '../../knowledge/limits.ts';
import { optimizerById } from '../../knowledge/optimizers.ts';
import { cite } from '../../rules/support/cite.ts';
import { formatNumber, formatRange } from '../../rules/support/numbers.ts';
import type { FieldId } from '../../run/fields.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { type Text, text } from '../../text.ts';

/** One line of "usual here", with who says so and the table row it stands in. */
export interface UsualValue {
  readonly says: Text;
  readonly by: Text;
  readonly row: string;
}

/** Numbers that hold for every run, by the field they speak of. */
const general: Partial<Record<FieldId, LimitId>> = {
  clipNorm: 'clip-norm',
  momentum: 'momentum-usual',
  warmupRatio: 'warmup-fraction',
  warmupSteps: 'warmup-fraction',
};

/** What the tables call usual for a field of this run; most specific first, empty where they say nothing. */
export function usualValues(file: ConfigFile, index: number, field: FieldId): UsualValue[] {
  const run = file.runs[index];
  if (!run) return [];
  return [...byArchitecture(run, field), ...byDomain(run, field), ...byLimit(field)];
}

function byArchitecture(run: TrainingRun, field: FieldId): UsualValue[] {
  const architecture = valueOf(run, 'architecture');
  if (!architecture) return [];
  const row = architecturePreference(architecture);
  const condition = row.conditions.text;
  const line = (value: Text): UsualValue => ({
    says: text(
      `${row.name}: ${value.en}${condition ? ` (${condition.en})` : ''}`,
      `${row.name}: ${value.ko}${condition ? ` (${condition.ko})` : ''}`,
    ),
    by: cite(row.sources),
    row: `architecture-preferences/${row.id}`,
  });
  if (field === 'optimizer') {
    const { name } = optimizerById(row.optimizer);
    return [line(text(name, name))];
  }
  if (field === 'learningRate') {
    const rate = formatNumber(row.learningRate);
    const { name } = optimizerById(row.optimizer);
    return [line(text(`${rate} with ${name}`, `${name}에서 ${rate}`))];
  }
  if (field === 'batchPerDevice' || field === 'globalBatch' || field === 'gradientAccumulation') {
    const { low, high } = asRange(row.batchSize);
    const range = formatRange(low, high);
    return [line(text(`global batch ${range.en}`, `전체 배치 ${range.ko}`))];
  }
  if (field === 'schedule' && row.facts.schedule) {
    const kinds = row.facts.schedule.kinds.join(', ');
    return [line(text(kinds, kinds))];
  }
  if (field === 'beta1' && row.facts.beta1 !== undefined) {
    const beta = formatNumber(row.facts.beta1);
    return [line(text(beta, beta))];
  }
  return [];
}

function byDomain(run: TrainingRun, field: FieldId): UsualValue[] {
  const domain = valueOf(run, 'domain');
  if (!domain) return [];
  const row = domainPreference(domain);
  const base = { by: cite(row.sources), row: `domain-preferences/${row.id}` };
  if (field === 'optimizer') {
    const ranked = row.preferences
      .toSorted((a, b) => a.rank - b.rank)
      .map(({ optimizer }) => optimizerById(optimizer).name)
      .join(' > ');
    return [{ ...base, says: text(`${row.name.en}: ${ranked}`, `${row.name.ko}: ${ranked}`) }];
  }
  if (field === 'schedule')
    return [
      {
        ...base,
        says: text(`${row.name.en}: ${row.schedule.text.en}`, `${row.name.ko}: ${row.schedule.text.ko}`),
        by: cite(row.schedule.sources),
      },
    ];
  const start = row.startingPoint;
  const value =
    field === 'weightDecay' ? start?.weightDecay : field === 'momentum' ? start?.momentum : undefined;
  if (!start || value === undefined) return [];
  const number = formatNumber(value);
  return [
    {
      ...base,
      says: text(`${row.name.en}: start from ${number}`, `${row.name.ko}: ${number}에서 시작`),
      by: cite(start.sources),
    },
  ];
}

function byLimit(field: FieldId): UsualValue[] {
  const id = general[field];
  if (!id) return [];
  const row = limitRow(id);
  return [{ says: row.text, by: cite(row.sources), row: `limits/${id}` }];
}
