import { withParticle } from '../korean.ts';
import { show } from '../number-text.ts';
import { significant } from '../symptoms/statistics.ts';
import { type Text, text } from '../text.ts';
import type { Arm, ArmId, SwitchOutcome, SwitchRates, SwitchReport } from './switching.ts';

/** What the comparison says, as evidence of the proxy and never as a forecast. */
export function switchVerdict(
  outcome: SwitchOutcome,
  {
    at,
    arm,
    stalled,
    seeds,
  }: { at: number | undefined; arm: Arm | undefined; stalled: number; seeds: number },
): Text {
  if (outcome === 'no-stall' || !arm || at === undefined)
    return text(
      `The validation loss stalled on ${stalled} of ${seeds} seeds only; on the others it fell until the run ended. By the rule "switch when the validation loss begins to stall" there is no point to switch at (proxy evidence).`,
      `시드 ${seeds}개 중 ${stalled}개에서만 검증 손실이 정체했고, 나머지는 학습이 끝날 때까지 계속 줄었습니다. "검증 손실이 정체되기 시작할 때 전환한다"는 기준에 맞는 시점이 없습니다(대리 모델 근거).`,
    );
  const share = percent(at);
  const change = significant(100 * Math.abs(arm.ratio - 1), 2);
  const all = arm.losses.length;
  if (outcome === 'better')
    return text(
      `Switching after ${share} of the run ends with a validation loss ${change} % below Adam's, on ${arm.better} of ${all} seeds (proxy evidence).`,
      `전체의 ${share} 지점에서 전환하면 검증 손실이 Adam보다 ${change} % 낮게 끝납니다. 시드 ${all}개 중 ${arm.better}개에서 더 낮았습니다(대리 모델 근거).`,
    );
  if (outcome === 'worse')
    return Number.isFinite(arm.ratio)
      ? text(
          `Switching after ${share} of the run ends with a validation loss ${change} % above Adam's on every seed (proxy evidence): it costs here more than it brings.`,
          `전체의 ${share} 지점에서 전환하면 모든 시드에서 검증 손실이 Adam보다 ${change} % 높게 끝납니다(대리 모델 근거). 여기서는 얻는 것보다 잃는 것이 많습니다.`,
        )
      : text(
          `After the switch at ${share} of the run training diverges (proxy evidence): SGD's rate is too high there.`,
          `전체의 ${share} 지점에서 전환한 뒤 학습이 발산합니다(대리 모델 근거). 그 시점에는 SGD의 학습률이 너무 높습니다.`,
        );
  const direction =
    arm.ratio < 1
      ? text(`${change} % below`, `${change} % 낮게`)
      : text(`${change} % above`, `${change} % 높게`);
  return text(
    `Switching after ${share} of the run ends ${direction.en} Adam's validation loss, lower on ${arm.better} of ${all} seeds: no difference that these seeds resolve (proxy evidence).`,
    `전체의 ${share} 지점에서 전환하면 검증 손실이 Adam보다 ${direction.ko} 끝나고, 시드 ${all}개 중 ${arm.better}개에서 더 낮습니다. 이 시드 수로는 차이가 있다고 할 수 없습니다(대리 모델 근거).`,
  );
}

/** How one switches with a real model: hardly any framework has a key for it. */
export function stagesOf(rates: SwitchRates, at: number | undefined): Text[] {
  const rate = rates.atSwitch ?? rates.peak;
  const decay =
    rates.weightDecay === undefined
      ? text('', '')
      : text(`, weight decay ${show(rates.weightDecay)}`, `, 가중치 감쇠 ${show(rates.weightDecay)}`);
  const share =
    at === undefined
      ? text('', '')
      : text(
          ` (on the proxy after ${percent(at)} of the run)`,
          `(대리 모델에서는 전체의 ${percent(at)} 지점)`,
        );
  return [
    text(
      'Frameworks have no key for a switch in mid-run (some SpeechBrain recipes do: stage_one_epochs). It takes two configs, or a callback that makes a new optimizer.',
      '학습 도중 옵티마이저를 바꾸는 키는 프레임워크에 거의 없습니다(SpeechBrain 일부 레시피의 stage_one_epochs 정도). 설정을 두 개로 나누거나, 새 옵티마이저를 만드는 콜백을 쓰세요.',
    ),
    text(
      `First stage: this config, until the validation loss has begun to stall${share.en}. Keep the checkpoint.`,
      `1단계: 이 설정으로 검증 손실이 정체되기 시작할 때까지 학습하고${share.ko} 체크포인트를 남깁니다.`,
    ),
    text(
      `Second stage: a copy with SGD, momentum ${show(rates.momentum)}, learning rate ${show(rate)}${decay.en}, no warm-up, decaying over the steps that are left. Load the weights only: resuming the whole checkpoint would bring Adam's state back.`,
      `2단계: 설정을 복사해 SGD, 모멘텀 ${show(rates.momentum)}, 학습률 ${withParticle(`${show(rate)}${decay.ko}`, '으로/로')} 바꾸고, 워밍업 없이 남은 스텝 동안 학습률을 줄입니다. 가중치만 불러오세요. 체크포인트를 통째로 이어 학습하면 Adam의 상태까지 되살아납니다.`,
    ),
    text(
      `${show(rates.peak)} is the usual rate of SGD here (${rates.what.en}), not measured on your model. Keskar & Socher 2017 (SWATS) read the rate off the run itself, by projecting Adam's steps onto the gradient; a short trial at a third and three times of it is cheaper.`,
      `${withParticle(show(rates.peak), '은/는')} 이 상황에서 SGD의 일반적인 학습률(${rates.what.ko})이며, 실제 모델에서 잰 값이 아닙니다. Keskar & Socher 2017(SWATS)은 Adam의 스텝을 그래디언트에 투영해 학습률을 정합니다. 1/3배와 3배로 짧게 시험해 보는 편이 더 간단합니다.`,
    ),
  ];
}

/** What a reader calls one of the three ways. */
export function armName(id: ArmId, { from, at }: Pick<SwitchReport, 'from' | 'at'>): Text {
  const name = optimizerName(from);
  if (id === 'adam') return text(`${name}, as configured`, `${name}(현재 설정)`);
  if (id === 'sgd') return text('SGD all the way', '처음부터 SGD');
  const where = percent(at ?? 0);
  return text(`${name}, then SGD from ${where}`, `${name} → SGD(${where}부터)`);
}

/** Which rates were used and where they come from. */
export function ratesText({ rates, from, at }: Pick<SwitchReport, 'rates' | 'from' | 'at'>): Text {
  const name = optimizerName(from);
  const own =
    rates.adam === undefined
      ? text('', '')
      : text(
          `${name} ${show(rates.adam)} as configured. `,
          `${name}의 학습률은 설정대로 ${show(rates.adam)}입니다. `,
        );
  const left =
    rates.atSwitch === undefined || at === undefined
      ? text('', '')
      : text(
          `, of which the config's schedule leaves ${show(rates.atSwitch)} at the switch`,
          `이고, 설정의 스케줄에 따라 전환 시점에는 ${show(rates.atSwitch)}`,
        );
  return text(
    `${own.en}SGD ${show(rates.peak)} (${rates.what.en})${left.en}; on the proxy ${show(rates.proxyPeak)}.`,
    `${own.ko}SGD의 학습률은 ${show(rates.peak)}(${rates.what.ko})${left.ko}입니다. 대리 모델에서는 ${withParticle(show(rates.proxyPeak), '을/를')} 씁니다.`,
  );
}

function optimizerName(id: string): string {
  return id === 'adamw' ? 'AdamW' : 'Adam';
}

/** A share of the run in whole per cent. */
export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
