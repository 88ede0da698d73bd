import type { ProxyInfo } from '@trainlint/kernels';
import { limit } from '../knowledge/limits.ts';
import { symptomById } from '../knowledge/symptoms.ts';
import { show } from '../number-text.ts';
import { type TrainingRun, valueOf } from '../run/training-run.ts';
import { significant } from '../symptoms/statistics.ts';
import type { Symptom } from '../symptoms/symptom.ts';
import { type Text, text } from '../text.ts';
import { usualRate } from './reference-rate.ts';
import type { RunPlan, SeededSymptom } from './types.ts';

/** What the mini-runs say, as evidence about the settings and never as a forecast of the user's own model. */
export function verdictOf(
  run: TrainingRun,
  symptoms: readonly SeededSymptom[],
  ratio: number,
  seeds: number,
  lossFalls: boolean,
): Text {
  const [first] = symptoms;
  if (!first) {
    if (!lossFalls)
      return text(
        `No symptom on ${seeds} of ${seeds} seeds of the proxy (proxy evidence, no promise for your model).`,
        `대리 모델에서는 시드 ${seeds}개 모두 증상이 없었습니다. 대리 모델 근거로, 실제 모델을 보장하지는 않습니다.`,
      );
    const close = ratio <= 1.1;
    const times = significant(ratio, 3);
    return text(
      `No symptom on ${seeds} of ${seeds} seeds of the proxy; its end loss is ${times} times the reference's${close ? '' : ', within what these seeds scatter'} (proxy evidence, no promise for your model).`,
      `대리 모델에서는 시드 ${seeds}개 모두 증상이 없었고, 마지막 손실은 기준 실행의 ${times}배입니다${close ? '' : '(시드 간 편차 범위)'}. 대리 모델 근거로, 실제 모델을 보장하지는 않습니다.`,
    );
  }
  const cause = causeOf(run, first.symptom);
  const name = headline(first);
  const more = symptoms.length - 1;
  return text(
    `On the proxy: ${lowerFirst(name.en)}, on ${first.shown} of ${first.seeds} seeds${more > 0 ? `, and ${more} more symptom${more > 1 ? 's' : ''}` : ''} (proxy evidence, no forecast for your model). ${first.message.en} ${cause.en}`,
    `대리 모델에서 ${name.ko}: 시드 ${first.seeds}개 중 ${first.shown}개에서 나타났습니다${more > 0 ? `. 다른 증상도 ${more}개 있습니다` : ''}. 대리 모델 근거로, 실제 모델의 결과를 예측하지는 않습니다. ${first.message.ko} ${cause.ko}`,
  );
}

/** What a rate far too high brings about as well, though the table names another cause for it first. */
const alsoOfRate: readonly Symptom['symptom'][] = ['early-instability', 'gradient-explosion', 'oscillation'];

/** The table's cause, behind the learning rate where that is so far off that nothing else needs to be. */
function causeOf(run: TrainingRun, symptom: Symptom['symptom']): Text {
  const { cause } = symptomById(symptom);
  const rate = valueOf(run, 'learningRate');
  const optimizer = valueOf(run, 'optimizer');
  if (rate && optimizer !== undefined && alsoOfRate.includes(symptom)) {
    const usual = significant(usualRate(run, optimizer), 2);
    if (rate >= limit('learning-rate-strong-factor') * usual)
      return text(
        `Likeliest cause: the learning rate of ${show(rate)}, where ${show(usual)} is usual; at a usual rate: ${lowerFirst(cause.en)}.`,
        `가장 유력한 원인: 학습률 ${show(rate)} (보통 ${show(usual)}). 학습률이 보통 수준일 때 흔한 원인: ${cause.ko}.`,
      );
  }
  return text(`Usual cause: ${lowerFirst(cause.en)}.`, `흔한 원인: ${cause.ko}.`);
}

/** What a divergence looked like, by the detector's `kind`. */
const divergences: Readonly<Record<string, Text>> = {
  excess: text('The loss settles too high', '손실이 높은 값에서 멈춤'),
  collapsed: text('Nothing is learned', '학습되지 않음'),
  relapse: text('The loss comes back up', '손실이 다시 올라감'),
  huge: text('The loss diverges', '손실 발산'),
  'above-start': text('The loss diverges', '손실 발산'),
  'no-return': text('Nothing is learned', '학습되지 않음'),
  'mode-collapse': text('Modes collapse', '모드 붕괴'),
  'runaway-values': text('Q values run away', 'Q 값 발산'),
  'policy-jumps': text('The policy jumps', '정책이 급격히 변함'),
};

/** The table's name of a symptom, or a truer one where the detector saw a weaker form of it. */
export function headline({ symptom, evidence }: Pick<Symptom, 'symptom' | 'evidence'>): Text {
  const { kind } = evidence;
  if (symptom === 'loss-divergence' && typeof kind === 'string')
    return divergences[kind] ?? symptomById(symptom).name;
  if (symptom === 'slow-convergence' && evidence.cause === 'unclear')
    return text('Ends behind the reference', '기준 실행보다 뒤처짐');
  return symptomById(symptom).name;
}

/** In the middle of a sentence: "Q values" and "NaN" keep their capital. */
export function lowerFirst(words: string): string {
  return /^[A-Z][a-z]+\b/.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words;
}

/** Shown beside every verdict, resolution first. */
export function caveatsOf(run: TrainingRun, plan: RunPlan, info: ProxyInfo, seeds: number): Text[] {
  const caveats = [
    text(
      'Resolution: a factor of ten in the learning rate shows clearly here, one below three does not.',
      '해상도: 학습률 10배 차이는 여기서 뚜렷이 드러나지만 3배 미만의 차이는 드러나지 않습니다.',
    ),
    text(
      `A network of ${info.parameterCount.toLocaleString('en')} weights was trained for ${plan.spec.steps} steps on generated data (${seeds} seeds). It tells whether a symptom shows and which way a fix goes, not the loss, accuracy or number of steps of your model.`,
      `가중치 ${info.parameterCount.toLocaleString('en')}개인 신경망을 생성한 데이터로 ${plan.spec.steps} 스텝 학습했습니다(시드 ${seeds}개). 증상이 나타나는지와 수정의 방향을 알려 줄 뿐, 실제 모델의 손실이나 정확도, 필요한 스텝 수를 뜻하지 않습니다.`,
    ),
  ];
  if (!plan.recognised) caveats.push(plan.why);
  const precision = valueOf(run, 'precision');
  if (precision === 'fp16' || precision === 'fp16-mixed' || precision === 'bf16' || precision === 'fp8')
    caveats.push(
      text(
        `The proxy computes in fp32: overflow and rounding of ${precision} cannot show.`,
        `대리 모델은 fp32로 계산하므로 ${precision}의 오버플로와 반올림 문제는 드러나지 않습니다.`,
      ),
    );
  return [...caveats, ...plan.notes];
}
