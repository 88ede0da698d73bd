import type { ConfigFile } from '../../engine/config-file.ts';
import type { OptimizerId } from '../../knowledge/ids.ts';
import { optimizerById, parseOptimizer } from '../../knowledge/optimizers.ts';
import { situationsOf } from '../../run/situation.ts';
import { settingOf, type TrainingRun, valueOf } from '../../run/training-run.ts';
import { type CannotTell, cannotTell } from '../rule.ts';

/**
 * The optimizer that does the updates: the inner one of `lookahead(adam)`, Ranger itself for `ranger`.
 * Cannot tell where the file does not say it or names one that the tables do not cover.
 */
export function optimizerOf(run: TrainingRun): OptimizerId | CannotTell {
  const name = valueOf(run, 'optimizer');
  if (name === undefined)
    return run.opaque.has('optimizer')
      ? cannotTell('the optimizer is decided outside this file', '옵티마이저가 이 파일 밖에서 정해집니다')
      : cannotTell('the file does not say the optimizer', '파일에 옵티마이저가 없습니다');
  const parsed = parseOptimizer(name);
  if (!parsed) return cannotTell(`the tables have no row for ${name}`, `표에 ${name} 항목이 없습니다`);
  return parsed.inner ?? parsed.id;
}

/** The same, undefined where it cannot be told. */
export function knownOptimizer(run: TrainingRun): OptimizerId | undefined {
  const found = optimizerOf(run);
  return typeof found === 'string' ? found : undefined;
}

/** Whether published runs with the same objective (diffusion, restoration, preference tuning) use it. */
export function usualForObjective(run: TrainingRun, optimizer: OptimizerId): boolean {
  const objective: string | undefined = valueOf(run, 'objective');
  return situationsOf(run).some(
    (row) => row.objectives?.some((one) => one === objective) && row.optimizers.includes(optimizer),
  );
}

export function optimizerName(id: OptimizerId): string {
  return optimizerById(id).name;
}

/** The name people use in a sentence: SGD, whether or not it has momentum. */
export function spokenName(id: OptimizerId): string {
  return isSgdLike(id) ? optimizerName('sgd') : optimizerName(id);
}

/** The optimizer as the file spells it (`Adam` of `torch.optim.Adam`); undefined where a default says it. */
export function spelledOptimizer(run: TrainingRun, file: ConfigFile): string | undefined {
  const setting = settingOf(run, 'optimizer');
  if (setting?.from !== 'file' || !setting.span) return undefined;
  const source = file.document.text.slice(setting.span.start, setting.span.end);
  return /([\w-]+)["']?$/.exec(source)?.[1];
}

/** Adam and its relatives: an adaptive step from two moments, so β₁, β₂ and warm-up mean the same to all. */
export function isAdamLike(id: OptimizerId): boolean {
  const { family, defaults } = optimizerById(id);
  return (family === 'adaptive' || id === 'ranger') && defaults.betas !== undefined;
}

export function isSgdLike(id: OptimizerId): boolean {
  return optimizerById(id).family === 'sgd';
}

/** Ids listed as `AdamW, LAMB, Adam`. */
export function optimizerList(ids: readonly OptimizerId[]): string {
  return ids.map(optimizerName).join(', ');
}

/** Whether `id` is `wanted` or its Nesterov form, which frameworks offer as a flag of the same optimizer. */
export function isForm(id: OptimizerId, wanted: OptimizerId): boolean {
  return id === wanted || (wanted === 'sgd-momentum' && id === 'nag');
}
