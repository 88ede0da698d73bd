import { architecturePreference } from '../knowledge/architectures.ts';
import type { TraitId } from '../knowledge/ids.ts';
import {
  type Inference,
  type InferenceSubject,
  inferFrom,
  parametersFromName,
} from '../knowledge/inference.ts';
import { limit } from '../knowledge/limits.ts';
import { type Text, text } from '../text.ts';
import type { MutableSettings } from './setting.ts';
import { isStated, type TrainingRun } from './training-run.ts';

/**
 * Adds domain, architecture, goal, data traits and size as far as the names of model, task, data set and framework
 * tell them, each with its reason. What the file, a comment, the project or the dialect says is left alone.
 * The most telling name comes first: a model's name outweighs its task, a task its data set, all of them the framework.
 */
export function infer(run: TrainingRun, dialect: string): TrainingRun {
  const settings: MutableSettings = { ...run.settings };
  const evidence = gather(settings, dialect);
  for (const { row, name } of evidence) {
    const why = reason(row, name);
    const { architecture, domain, goal } = row.gives;
    // A domain of another name's would contradict an architecture that is already known, and the reverse.
    if (architecture && !settings.architecture && fits(architecture, settings.domain?.value))
      settings.architecture = { value: architecture, from: 'inferred', why };
    if (domain && !settings.domain && fits(settings.architecture?.value, domain))
      settings.domain = { value: domain, from: 'inferred', why };
    if (goal && !settings.goal) settings.goal = { value: goal, from: 'inferred', why };
  }
  domainOfArchitecture(settings);
  traits(settings, evidence);
  size(run, settings);
  return { ...run, settings };
}

interface Evidence {
  readonly row: Inference;
  readonly name: string;
}

function gather(settings: MutableSettings, dialect: string): Evidence[] {
  const names: [InferenceSubject, string | undefined][] = [
    ['class', settings.model?.value],
    ['model', settings.model?.value],
    ['class', settings.task?.value],
    ['task', settings.task?.value],
    ['dataset', settings.dataset?.value],
    ['dialect', dialect],
  ];
  return names.flatMap(([subject, name]) => {
    const row = name === undefined ? undefined : inferFrom(subject, name);
    return row && name !== undefined ? [{ row, name }] : [];
  });
}

function reason(row: Inference, name: string): Text {
  const { en, ko } = row.why;
  return row.looksAt === 'dialect' ? text(en, ko) : text(`${en} (${name})`, `${ko} (${name})`);
}

/** Whether the architecture's row knows the domain; nothing known fits anything. */
function fits(
  architecture: Inference['gives']['architecture'],
  domain: Inference['gives']['domain'],
): boolean {
  if (!architecture || !domain) return true;
  return (architecturePreference(architecture).domains as readonly string[]).includes(domain);
}

function domainOfArchitecture(settings: MutableSettings): void {
  const architecture = settings.architecture?.value;
  if (!architecture || settings.domain) return;
  const { domains, name } = architecturePreference(architecture);
  const [only, ...others] = domains;
  if (only === undefined || others.length > 0) return;
  settings.domain = {
    value: only,
    from: 'inferred',
    why: text(`the usual domain of ${name}`, `${name}의 일반적인 도메인`),
  };
}

function traits(settings: MutableSettings, evidence: readonly Evidence[]): void {
  if (settings.traits) return;
  const found = new Map<TraitId, Text>();
  for (const { row, name } of evidence)
    for (const trait of row.gives.traits ?? []) if (!found.has(trait)) found.set(trait, reason(row, name));
  const most = limit('linear-scaling-batch');
  const batch = settings.globalBatch?.value;
  if (batch !== undefined && batch > most)
    found.set(
      'large-batch',
      text(`a batch of ${batch}, above ${most}`, `배치 크기 ${batch}, 기준 ${most} 초과`),
    );
  if (found.size === 0) return;
  const reasons = [...found.values()];
  settings.traits = {
    value: [...found.keys()],
    from: 'inferred',
    why: text(reasons.map(({ en }) => en).join('; '), reasons.map(({ ko }) => ko).join('; ')),
  };
}

function size(run: TrainingRun, settings: MutableSettings): void {
  const model = settings.model?.value;
  if (model === undefined || settings.parameterCount || isStated(run, 'parameterCount')) return;
  const value = parametersFromName(model);
  if (value === undefined) return;
  settings.parameterCount = {
    value,
    from: 'inferred',
    why: text(`the name of the model (${model})`, `모델 이름 (${model})`),
  };
}
