/** The page in a few lines, in English and Korean. */
import type { SubjectEvidence } from './collect.ts';
import { compareViews } from './compare.ts';
import { budgets } from './healthy.ts';
import { percent, share } from './markdown.ts';
import { falseFlags } from './page-healthy.ts';
import type { Sample } from './samples.ts';
import { cellsOf, totalsOf } from './totals.ts';

function numbers(evidence: readonly SubjectEvidence[], samples: readonly Sample[]) {
  const all = evidence.flatMap(({ cells }) =>
    cells.filter(({ scenario }) => scenario.symptom && !scenario.belowResolution),
  );
  const high = totalsOf([
    ...cellsOf(evidence, 'learning rate too high', '×10'),
    ...cellsOf(evidence, 'learning rate too high', '×30'),
  ]);
  const budget = budgets.map(({ name, symptoms, most }) => {
    const { flagged, of } = falseFlags(evidence, symptoms);
    return { name, flagged, of, held: flagged <= most * of };
  });
  const healthy = compareViews(samples).find(({ planted }) => planted === undefined);
  return { all: totalsOf(all), high, budget, healthy };
}

const koreanNames: Readonly<Record<string, string>> = {
  divergence: '발산',
  'early instability': '초기 불안정',
  oscillation: '진동',
  'gradient spikes': '그래디언트 스파이크',
};

export function summary(evidence: readonly SubjectEvidence[], samples: readonly Sample[]): string[] {
  const { all, high, budget, healthy } = numbers(evidence, samples);
  const missed = budget.filter(({ held }) => !held).map(({ name }) => name);
  return [
    '## In short',
    [
      `- Healthy rows over all architectures: ${budget.map(({ name, flagged, of }) => `${name} ${share(flagged, of)}`).join(', ')}. ${missed.length === 0 ? 'Every budget is held on the whole.' : `Missed on the whole: ${missed.join(', ')}.`}`,
      `- A learning rate ten or thirty times too high shows on ${share(high.shown, high.seeds)} runs. Where fixes were tried, the table's cure heals ${share(high.table.healed, high.table.of)}, the best fix ${share(high.best.healed, high.best.of)}, a random change of the same size ${share(high.random.healed, high.random.of)}.`,
      `- All planted troubles at or above the resolution: shown ${share(all.shown, all.seeds)}; healed by the table's cure ${share(all.table.healed, all.table.of)}, by the best fix ${share(all.best.healed, all.best.of)}, by a random change ${share(all.random.healed, all.random.of)}. The rest does not discriminate, and the page says where.`,
      ...(healthy
        ? [
            `- Alarms where nothing is wrong (healthy rows and harmless changes): Trainlint ${percent(healthy.views.twin.flagged, healthy.views.twin.of)}, AutoTrainer's thresholds ${percent(healthy.views.autotrainer.flagged, healthy.views.autotrainer.of)} of ${healthy.views.twin.of} series.`,
          ]
        : []),
    ].join('\n'),
  ];
}

export function summaryKorean(evidence: readonly SubjectEvidence[], samples: readonly Sample[]): string[] {
  const { all, high, budget, healthy } = numbers(evidence, samples);
  const missed = budget.filter(({ held }) => !held).map(({ name }) => koreanNames[name] ?? name);
  return [
    '## 한국어 요약',
    '이 문서의 모든 수치는 **대리 모델에서 얻은 증거**입니다. 매개변수 천 개에서 3만여 개의 작은 신경망을 생성한 데이터로 수백 스텝 학습한 결과이며, 약 10배 차이까지 구별합니다. 실제 모델에서 얼마나 맞는지를 말해 주지는 않습니다.',
    [
      `- 정상 설정의 잘못된 경보: ${budget.map(({ name, flagged, of }) => `${koreanNames[name] ?? name} ${share(flagged, of)}`).join(', ')}. ${missed.length === 0 ? '전체로는 모든 기준을 지켰습니다.' : `기준을 넘은 항목: ${missed.join(', ')}.`}`,
      `- 학습률이 10배, 30배 높으면 ${high.seeds}번 중 ${high.shown}번 증상이 나타납니다. 수정을 시도한 경우 표의 처방은 ${share(high.table.healed, high.table.of)}, 가장 좋은 수정은 ${share(high.best.healed, high.best.of)}, 같은 크기의 무작위 변경은 ${share(high.random.healed, high.random.of)} 비율로 증상을 없앴습니다.`,
      `- 일부러 심은 문제 전체: ${all.seeds}번 중 ${all.shown}번 나타났고, 표의 처방 ${share(all.table.healed, all.table.of)}, 가장 좋은 수정 ${share(all.best.healed, all.best.of)}, 무작위 변경 ${share(all.random.healed, all.random.of)}이 고쳤습니다. 나머지는 대리 모델로 구별되지 않으며, 위 표에 어디인지 적었습니다.`,
      ...(healthy
        ? [
            `- 문제가 없는데 울린 경보: Trainlint ${percent(healthy.views.twin.flagged, healthy.views.twin.of)}, AutoTrainer의 기준값 ${percent(healthy.views.autotrainer.flagged, healthy.views.autotrainer.of)} (${healthy.views.twin.of}개 실행).`,
          ]
        : []),
    ].join('\n'),
  ];
}
