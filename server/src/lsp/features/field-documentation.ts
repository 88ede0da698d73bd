import type { ConfigFile } from '../../engine/config-file.ts';
import { termsForSetting } from '../../knowledge/glossary.ts';
import { isOptimizerId } from '../../knowledge/ids.ts';
import { optimizerById } from '../../knowledge/optimizers.ts';
import { formatNumber } from '../../rules/support/numbers.ts';
import type { FieldId } from '../../run/fields.ts';
import type { Origin } from '../../run/setting.ts';
import { settingOf, type TrainingRun, valueOf } from '../../run/training-run.ts';
import { type Language, type Text, text } from '../../text.ts';
import { fieldWords } from './field-words.ts';
import { usualValues } from './usual-values.ts';

/** What a field is and what it is here, as Markdown. */
export function fieldFacts(file: ConfigFile, index: number, field: FieldId, language: Language): string {
  const run = file.runs[index];
  const parts = [heading(field, language)];
  if (run) parts.push(here(run, field, language));
  if (run && field === 'optimizer') parts.push(aboutOptimizer(run, language));
  return parts.filter(Boolean).join('\n\n');
}

/** What is usual here, by whom and in which row of the tables; empty where the tables say nothing. */
export function usualHere(file: ConfigFile, index: number, field: FieldId, language: Language): string {
  const usual = usualValues(file, index, field);
  if (usual.length === 0) return '';
  const lines = usual.map(({ says, by, row }) => `- ${says[language]}  \n  _${by[language]}, \`${row}\`_`);
  return `${usualTitle[language]}\n${lines.join('\n')}`;
}

/** Both, for completions. */
export function fieldDocumentation(
  file: ConfigFile,
  index: number,
  field: FieldId,
  language: Language,
): string {
  return [fieldFacts(file, index, field, language), usualHere(file, index, field, language)]
    .filter(Boolean)
    .join('\n\n');
}

/** Where the glossary explains one word for several of our fields. */
const glossaryKeys: Partial<Record<FieldId, string>> = {
  batchPerDevice: 'batchSize',
  globalBatch: 'batchSize',
  clipNorm: 'gradientClipping',
  clipValue: 'gradientClipping',
  warmupSteps: 'warmup',
  warmupRatio: 'warmup',
  warmupEpochs: 'warmup',
};

const usualTitle = text('**Usual here**', '**여기서 흔한 값**');

function heading(field: FieldId, language: Language): string {
  const explained = termsForSetting(glossaryKeys[field] ?? field)[0];
  const title = `**${fieldWords[field][language]}**`;
  return explained ? `${title}: ${explained.text[language]}` : title;
}

const origins: Readonly<Record<Origin, Text>> = {
  file: text('as written', '파일에 적힌 값'),
  default: text('framework default', '프레임워크 기본값'),
  derived: text('calculated', '계산한 값'),
  inferred: text('inferred', '추론한 값'),
  comment: text('from the trainlint comment', 'trainlint 주석의 값'),
  project: text('from the project settings', '프로젝트 설정의 값'),
};

function here(run: TrainingRun, field: FieldId, language: Language): string {
  const setting = settingOf(run, field);
  if (!setting) {
    return run.opaque.has(field)
      ? text(
          'Its value is decided elsewhere, so nothing is said about it.',
          '값이 다른 곳에서 정해지므로 판단하지 않습니다.',
        )[language]
      : '';
  }
  const value = `\`${shown(setting.value)}\` (${origins[setting.from][language]})`;
  return setting.why ? `${value}: ${setting.why[language]}` : value;
}

function aboutOptimizer(run: TrainingRun, language: Language): string {
  const id = valueOf(run, 'optimizer');
  if (!isOptimizerId(id)) return '';
  const row = optimizerById(id);
  const facts = text(
    `**${row.name}**: ${row.title.en}. Memory ${row.memoryOverhead.word.en}, sensitivity ${row.hyperparameterSensitivity.text.en}, convergence ${row.convergenceSpeed.text.en}, generalisation ${row.generalization.text.en} (\`optimizers/${row.id}\`).`,
    `**${row.name}**: ${row.title.ko}. 메모리 ${row.memoryOverhead.word.ko}, 민감도 ${row.hyperparameterSensitivity.text.ko}, 수렴 ${row.convergenceSpeed.text.ko}, 일반화 ${row.generalization.text.ko} (\`optimizers/${row.id}\`).`,
  );
  return row.note ? `${facts[language]} ${row.note[language]}` : facts[language];
}

export function shown(value: unknown): string {
  if (typeof value === 'number') return formatNumber(value);
  return Array.isArray(value) ? value.join(', ') : String(value);
}
