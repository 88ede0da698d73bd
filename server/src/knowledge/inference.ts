import data from '../../../schemas/knowledge/inference.json' with { type: 'json' };
import type { InferenceRow, InferenceTable, ModelSize } from '../generated/knowledge-types.d.ts';
import { table } from './table.ts';

export type Inference = InferenceRow;
/** What is looked at: a model's name, a class or registry name, a task, a data set, a dialect's id. */
export type InferenceSubject = Inference['looksAt'];

const file = table<InferenceTable>(data);
/** What names tell about architecture, domain, goal and traits. Order counts: the first match holds. */
export const inferenceTable: readonly Inference[] = file.rows;
export const modelSizeTable: readonly ModelSize[] = file.sizes;

const patterns = new Map(inferenceTable.map((row) => [row, new RegExp(row.pattern, 'i')]));
const sizePatterns = modelSizeTable.map((row) => ({ ...row, regexp: new RegExp(row.pattern, 'i') }));

/** Names longer than this are no names; matching them would only cost time. */
const longestName = 300;

/** The row that speaks of a name; undefined where none does. */
export function inferFrom(subject: InferenceSubject, name: string): Inference | undefined {
  if (name.length > longestName) return undefined;
  return inferenceTable.find((row) => row.looksAt === subject && patterns.get(row)?.test(name));
}

/**
 * Number of weights a model's name tells: `Qwen2.5-1.5B` 1.5e9, `SmolLM2-135M` 1.35e8, `Qwen3-30B-A3B` 3e10
 * (all experts), `stablelm-2-1_6b` 1.6e9, or a known name such as `bert-base`. Undefined where it tells none.
 */
export function parametersFromName(model: string): number | undefined {
  if (model.length > longestName) return undefined;
  const name = model.split(/[/\\]/).at(-1) ?? model;
  const known = sizePatterns.find((row) => row.regexp.test(name));
  if (known) return known.parameters;
  // A builder repeats its module's name, version and all: models.llama3_1.llama3_1_8b, models.qwen2.qwen2_1_5b.
  const [, family, builder] = /(\w+)\.(\w+)$/.exec(name) ?? [];
  const rest = family && builder?.includes(family) ? builder.replace(family, '') : undefined;
  const match = /(?:^|[^a-z0-9.])(\d+x)?(\d+(?:[._]\d+)?)(b|m)(?![a-z0-9])/i.exec(rest ?? name);
  const [, experts, number, unit] = match ?? [];
  if (number === undefined || unit === undefined) return undefined;
  // In llama3_1_8b the underscore parts words, in stablelm-2-1_6b and qwen2_5_0_5b it is a decimal point.
  if (rest === undefined && number.includes('_') && !number.startsWith('0_') && !name.includes('-'))
    return undefined;
  const each = Number(number.replace('_', '.')) * (unit.toLowerCase() === 'b' ? 1e9 : 1e6);
  const all = each * (experts ? Number.parseInt(experts, 10) : 1);
  return all > 0 ? all : undefined;
}
