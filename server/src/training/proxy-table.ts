import type { ProxyInfo } from '@trainlint/kernels';
import { proxyTable } from '../knowledge/proxies.ts';
import { stageOf } from '../run/situation.ts';
import { type TrainingRun, valueOf } from '../run/training-run.ts';
import type { CannotTell } from '../symptoms/symptom.ts';
import { type Text, text } from '../text.ts';
import { baseOptimizer, optimizerMultiple } from './exchange.ts';

export type ProxyRow = (typeof proxyTable)[number];

export interface ProxyChoice {
  readonly info: ProxyInfo;
  readonly row: ProxyRow | undefined;
  readonly why: Text;
  /** False for a stand-in. */
  readonly recognised: boolean;
}

/** The proxy nearest to the run's model among those the kernels have; undefined when they have none. */
export function chooseProxy(run: TrainingRun, available: readonly ProxyInfo[]): ProxyChoice | undefined {
  const architecture = valueOf(run, 'architecture');
  const domain = valueOf(run, 'domain');
  const stage = stageOf(run);
  const forStage = ({ stages }: ProxyRow) => !stages || (stage !== undefined && stages.includes(stage));
  const there = proxyTable.filter(forStage).flatMap((row) => {
    const info = available.find(({ id }) => id === row.id);
    return info ? [{ row, info }] : [];
  });
  const pick = (test: (row: ProxyRow) => boolean, recognised: boolean, why: (title: Text) => Text) => {
    const found = there.find(({ row }) => test(row));
    return found && { ...found, recognised, why: why(found.row.title) };
  };
  const named = (name: string) => (title: Text) =>
    text(`Proxy of ${name}: ${title.en}.`, `${name}의 대리 모델입니다: ${title.ko}.`);
  const objective = valueOf(run, 'objective');
  const own = there.some(
    ({ row }) => architecture && row.architectures.includes(architecture) && serves(row, objective),
  );
  const standIn = (name: string) => (title: Text) =>
    text(
      `There is no proxy of ${name} here; ${title.en} stands in for it.`,
      `${name}의 대리 모델이 없습니다. 대신 쓰는 모델: ${title.ko}.`,
    );
  return (
    (!own && pick((row) => serves(row, objective), false, standInForTarget)) ||
    (architecture && pick((row) => row.architectures.includes(architecture), true, named(architecture))) ||
    (architecture &&
      pick((row) => row.standsInFor.architectures.includes(architecture), false, standIn(architecture))) ||
    (domain && pick((row) => row.domains.includes(domain), architecture === undefined, named(domain))) ||
    (domain && pick((row) => row.standsInFor.domains.includes(domain), false, standIn(domain))) ||
    lastResort(there, available)
  );
}

/** Whether the proxy stands for this objective, whatever network is trained for it. */
function serves({ standsInFor }: ProxyRow, objective: string | undefined): boolean {
  const served: readonly string[] = standsInFor.objectives ?? [];
  return objective !== undefined && served.includes(objective);
}

function standInForTarget(title: Text): Text {
  return text(
    `There is no proxy here of a network whose output is held to a target image or sound; ${title.en} stands in for it. An adversarial loss is left out.`,
    `출력을 목표 이미지나 소리에 맞추는 신경망의 대리 모델이 없습니다. 대신 쓰는 모델: ${title.ko}. 적대적 손실은 제외합니다.`,
  );
}

function lastResort(
  there: readonly { row: ProxyRow; info: ProxyInfo }[],
  available: readonly ProxyInfo[],
): ProxyChoice | undefined {
  const smallest = [...available].sort((a, b) => a.parameterCount - b.parameterCount)[0];
  const info = available.find(({ id }) => id === 'mlp') ?? smallest;
  if (!info) return undefined;
  return {
    info,
    row: there.find(({ info: { id } }) => id === info.id)?.row,
    recognised: false,
    why: text(
      'The config does not tell the architecture; a small general network stands in for it.',
      '설정에서 아키텍처를 알 수 없어 작은 일반 신경망으로 대신합니다.',
    ),
  };
}

/** A proxy named by the user. */
export function namedProxy(id: string, available: readonly ProxyInfo[]): ProxyChoice | undefined {
  const info = available.find((candidate) => candidate.id === id);
  const row = proxyTable.find((candidate) => candidate.id === id);
  if (!info) return undefined;
  return {
    info,
    row,
    recognised: true,
    why: text(
      `Proxy chosen by you: ${row?.title.en ?? info.description}.`,
      `직접 고른 대리 모델입니다: ${row?.title.ko ?? info.description}.`,
    ),
  };
}

/** The rate at which an optimizer trains a proxy best, and whether that was measured. */
export function tunedRate(
  info: ProxyInfo,
  row: ProxyRow | undefined,
  optimizer: string,
): { rate: number; measured: boolean } {
  const { reference } = info;
  if (optimizer === reference.optimizer.kind) return { rate: reference.learningRate, measured: true };
  const base = baseOptimizer(optimizer);
  const found =
    row?.tuned.find((each) => each.optimizer === optimizer) ??
    row?.tuned.find((each) => each.optimizer === base);
  if (found) return { rate: found.learningRate, measured: true };
  const exchange = optimizerMultiple(optimizer) / optimizerMultiple(reference.optimizer.kind);
  return { rate: reference.learningRate * exchange, measured: false };
}

/** What the table says this proxy cannot show. */
export function blindSpots(row: ProxyRow | undefined): CannotTell[] {
  return (row?.notDiscriminating ?? []).map(({ symptom, reason }) => ({
    symptom,
    cannotTell: reason,
  }));
}
