import { limit } from '../knowledge/limits.ts';
import { scalingRule } from '../knowledge/scaling.ts';
import type { Situation } from '../knowledge/situations.ts';
import { withParticle } from '../korean.ts';
import { situationsOf } from '../run/situation.ts';
import { isStated, spanOf, type TrainingRun, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Finding, type Rule } from './rule.ts';
import { setLearningRate } from './support/changes.ts';
import { devicesUnknown } from './support/devices.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatCount, formatNumber, formatTimes, roundForConfig } from './support/numbers.ts';
import { isSgdLike, optimizerOf } from './support/optimizers.ts';
import { likelyRate } from './support/usual-rate.ts';

export const lrBatchScaling: Rule = {
  scope: 'run',
  meta: {
    id: 'lr-batch-scaling',
    category: 'batch',
    severity: 'information',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['scaling-rules/linear', 'scaling-rules/square-root', 'limits/linear-scaling-batch'],
    what: text(
      'The learning rate of a reference recipe kept although the batch is many times larger or smaller, or scaled linearly beyond 8K.',
      '기준 설정과 배치가 크게 다른데 학습률은 기준값 그대로이거나, 8K를 넘는 배치에 선형으로 키운 경우입니다.',
    ),
    why: text(
      'A larger batch gives a steadier gradient, so the rate may grow with it: in proportion for SGD up to a batch of about 8K, with the square root beyond that and for Adam. Left as it was, the run takes needlessly small steps, or too large ones after the batch shrank. The rule speaks only where the tables know the batch a rate belongs to.',
      '배치가 크면 그래디언트가 안정되므로 학습률도 키울 수 있습니다. SGD는 배치 8K 정도까지 비례해서, 그 너머와 Adam에서는 제곱근으로 키웁니다. 그대로 두면 필요 이상으로 작은 스텝을, 배치를 줄인 경우에는 너무 큰 스텝을 밟게 됩니다. 학습률의 기준 배치를 표에서 알 수 있을 때만 알립니다.',
    ),
    bad: [
      example(
        'generic',
        'resnet.yaml',
        'The rate for batch 256 at batch 2048',
        '배치 256의 학습률을 배치 2048에 쓴 경우',
        `
# trainlint: architecture=resnet world-size=8 from-scratch=true
optimizer: sgd
momentum: 0.9
learning_rate: 0.1
batch_size: 256
epochs: 90
`,
        ['learning_rate: 0.1', 'learning_rate: 0.8'],
      ),
    ],
    good: [
      example(
        'generic',
        'resnet.yaml',
        'Eight times the batch, eight times the rate',
        '배치가 8배면 학습률도 8배',
        `
# trainlint: architecture=resnet world-size=8 from-scratch=true
optimizer: sgd
momentum: 0.9
learning_rate: 0.8
batch_size: 256
epochs: 90
`,
      ),
    ],
  },
  check: (run, file) => {
    const rate = valueOf(run, 'learningRate');
    const batch = valueOf(run, 'globalBatch');
    if (rate === undefined || batch === undefined)
      return cannotTell(
        'the learning rate or the batch is not known',
        '학습률이나 배치 크기를 알 수 없습니다',
      );
    const optimizer = optimizerOf(run);
    if (typeof optimizer !== 'string') return optimizer;
    const row = situationsOf(run).find(
      (one) =>
        one.scaling !== 'none' && one.referenceBatch !== undefined && one.optimizers.includes(optimizer),
    );
    if (!row?.referenceBatch)
      return cannotTell('no reference batch is known for this run', '기준 배치를 알 수 없습니다');
    // Where the run more likely is another (a fine-tuning, whose rates do not scale), its reference is not this row's.
    if (likelyRate(run, optimizer)?.situations.includes(row) === false)
      return cannotTell(
        'the run is more likely one whose rates do not go with the batch',
        '학습률이 배치에 따르지 않는 학습일 가능성이 큽니다',
      );
    // Batch 32 on each of eight devices is the reference batch of 256, not an eighth of it.
    if (
      batch < row.referenceBatch &&
      devicesUnknown(run, file) &&
      batch * limit('devices-of-a-node') >= row.referenceBatch
    )
      return cannotTell('the number of devices is not known', '장치 수를 알 수 없습니다');
    return [
      ...keptReference(run, row, row.referenceBatch, rate, batch),
      ...(isSgdLike(optimizer) ? linearBeyondLimit(run, row, row.referenceBatch, rate, batch) : []),
    ];
  },
};

/** The reference rate, or a round value beside it, at another batch. */
function keptReference(
  run: TrainingRun,
  row: Situation,
  reference: number,
  rate: number,
  batch: number,
): readonly Finding[] {
  const ratio = batch / reference;
  const change = limit('scaling-statement-factor');
  const base = row.learningRate.typical;
  const slack = limit('reference-rate-slack');
  const kept = rate > base / slack && rate < base * slack;
  if (!kept || (ratio < change && ratio > 1 / change)) return [];
  const linear = row.scaling === 'linear' && batch <= limit('linear-scaling-batch');
  const better = roundForConfig(base * (linear ? ratio : Math.sqrt(ratio)));
  const rule = scalingRule(linear ? 'linear' : 'square-root');
  const times = formatTimes(ratio >= 1 ? ratio : 1 / ratio);
  const certain = isStated(run, 'globalBatch') || isStated(run, 'worldSize');
  const shown = formatNumber(better);
  return [
    finding(
      spanOf(run, 'learningRate', 'globalBatch', 'batchPerDevice'),
      text(
        `The learning rate is ${formatNumber(rate)}, the value for a batch of ${formatCount(reference)}; this batch is ${formatCount(batch)}, ${times.en} ${ratio >= 1 ? 'larger' : 'smaller'}. ${rule.name.en} (preference tables 6.4.3) gives ${shown}. Scale it${certain ? '' : ' if that is the batch over all devices'}.`,
        `학습률이 ${formatNumber(rate)}, 배치 ${formatCount(reference)} 기준의 값인데 이 학습의 배치는 ${formatCount(batch)}(${ratio >= 1 ? times.ko : `1/${times.ko.replace('배', '')}`})입니다. ${rule.name.ko}(선호도 표 6.4.3)을 적용하면 ${shown}입니다. ${certain ? '' : '전체 장치의 배치가 맞다면 '}학습률을 조정하세요.`,
      ),
      {
        severity: certain && isStated(run, 'architecture') ? 'information' : 'hint',
        evidence: [`scaling-rules/${rule.id}`, `situations/${row.id}`],
        changes: [setLearningRate(better)],
        data: { learningRate: rate, batch, referenceBatch: reference, scaled: better },
      },
    ),
  ];
}

/** SGD scaled in proportion to a batch where proportion no longer holds. */
function linearBeyondLimit(
  run: TrainingRun,
  row: Situation,
  reference: number,
  rate: number,
  batch: number,
): readonly Finding[] {
  const most = limit('linear-scaling-batch');
  if (batch <= most) return [];
  const proportional = row.learningRate.typical * (batch / reference);
  if (rate < proportional / limit('reference-rate-slack')) return [];
  const better = roundForConfig(row.learningRate.typical * Math.sqrt(batch / reference));
  const shown = formatNumber(better);
  return [
    finding(
      spanOf(run, 'learningRate', 'globalBatch'),
      text(
        `The learning rate is ${formatNumber(rate)}, scaled in proportion to a batch of ${formatCount(batch)}. Linear scaling holds up to about ${formatCount(most)} (Goyal et al. 2017; preference tables 6.4.3). The square root gives ${shown}.`,
        `학습률이 ${formatNumber(rate)}, 배치 ${formatCount(batch)}에 비례해 키운 값입니다. 선형 스케일링은 배치 ${formatCount(most)} 정도까지 통합니다(Goyal et al. 2017, 선호도 표 6.4.3). 제곱근으로 키우면 ${withParticle(shown, '이/가')} 됩니다.`,
      ),
      {
        severity: 'information',
        evidence: ['scaling-rules/square-root', 'limits/linear-scaling-batch'],
        changes: [setLearningRate(better)],
        data: { learningRate: rate, batch, referenceBatch: reference, scaled: better },
      },
    ),
  ];
}
