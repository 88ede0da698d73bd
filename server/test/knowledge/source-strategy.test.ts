import assert from 'node:assert/strict';
import * as knowledge from '../../src/knowledge/index.ts';

/** Sections 6 and 7 of the source, written down a second time. */
describe('the strategies of the source', () => {
  it('6.1 decision tree', () => {
    const follow = (...answers: string[]) => {
      let id = knowledge.decisionTree.root;
      for (const answer of answers) {
        const node = knowledge.decisionNode(id);
        assert.equal(node.kind, 'question');
        const next =
          node.kind === 'question' && node.question.answers.find((entry) => entry.answer.ko === answer);
        assert.ok(next, answer);
        id = next.next;
      }
      const node = knowledge.decisionNode(id);
      return node.kind === 'choice' ? node.choice : undefined;
    };
    assert.deepEqual(follow('예')?.optimizers, ['sgd', 'adagrad']);
    assert.deepEqual(follow('아니오', '컴퓨터 비전', 'CNN')?.optimizers, ['sgd-momentum']);
    assert.deepEqual(follow('아니오', '컴퓨터 비전', 'ViT')?.optimizers, ['adamw']);
    assert.deepEqual(follow('아니오', '자연어 처리')?.optimizers, ['adam', 'adamw']);
    assert.deepEqual(follow('아니오', '강화학습', '가치 기반')?.optimizers, ['rmsprop']);
    assert.deepEqual(follow('아니오', '강화학습', '정책 기반')?.optimizers, ['adam']);
    const recommender = follow('아니오', '추천 시스템');
    assert.deepEqual(recommender?.optimizers, ['adagrad', 'adam']);
    assert.equal(recommender?.together, true);
  });

  it('6.2 starting points', () => {
    const start = (id: string) => knowledge.principleTable.find((row) => row.id === id)?.hyperparameters;
    assert.deepEqual(start('default-unsure'), { learningRate: 1e-3, betas: [0.9, 0.999] });
    assert.deepEqual(start('start-cv-cnn'), { learningRate: 0.1, momentum: 0.9 });
    assert.deepEqual(start('start-cv-vit'), { learningRate: 1e-3, weightDecay: 0.05 });
    assert.deepEqual(start('start-nlp'), { learningRate: 5e-5, warmupFraction: 0.1 });
    assert.deepEqual(start('start-rl'), { learningRate: 7e-4 });
    const vit = knowledge.domainPreference('cv-vit').startingPoint;
    assert.deepEqual([vit?.optimizer, vit?.learningRate, vit?.weightDecay], ['adamw', 1e-3, 0.05]);
    const cnn = knowledge.domainPreference('cv-cnn').startingPoint;
    assert.deepEqual([cnn?.optimizer, cnn?.learningRate, cnn?.momentum], ['sgd-momentum', 0.1, 0.9]);
    const nlp = knowledge.domainPreference('nlp').startingPoint;
    assert.deepEqual([nlp?.optimizer, nlp?.learningRate, nlp?.warmupFraction], ['adamw', 5e-5, 0.1]);
    for (const domain of ['rl-value', 'rl-policy'] as const) {
      const rl = knowledge.domainPreference(domain).startingPoint;
      assert.deepEqual([rl?.optimizer, rl?.alternatives, rl?.learningRate], ['rmsprop', ['adam'], 7e-4]);
    }
  });

  it('6.3 tuning order', () => {
    assert.deepEqual(
      knowledge.tuningOrderTable.map(({ rank, hyperparameter, search }) => [
        rank,
        hyperparameter,
        search.range ?? null,
        search.optimizers ?? null,
      ]),
      [
        [1, 'learningRate', { low: 1e-5, high: 1e-1 }, null],
        [2, 'batchSize', null, null],
        [3, 'weightDecay', { low: 1e-2, high: 1e-1 }, ['adam', 'adamw']],
        [4, 'momentum', { low: 0.9, high: 0.99 }, ['sgd-momentum', 'nag']],
      ],
    );
    assert.equal(knowledge.tuningStep('learning-rate').search.scale, 'log');
  });

  it('6.4.1 symptoms', () => {
    const fromSource = knowledge.symptomTable.filter((row) => !row.beyondSource);
    assert.deepEqual(
      fromSource.map(({ id, change }) => [id, change]),
      [
        ['loss-divergence', { kind: 'scale', setting: 'learningRate', factor: 0.1 }],
        ['gradient-explosion', { kind: 'set', setting: 'gradientClipping.norm', value: 1 }],
        ['early-instability', { kind: 'warmup', shape: 'linear', fraction: 0.1 }],
        ['late-plateau', { kind: 'set', setting: 'schedule.kind', value: 'cosine' }],
        ['overfitting', { kind: 'scale', setting: 'weightDecay', factor: 10 }],
        ['oscillation', { kind: 'set', setting: 'momentum', value: 0.9 }],
      ],
    );
    assert.deepEqual(
      fromSource.map(({ cause }) => cause.ko),
      ['학습률이 너무 큼', '깊은 네트워크', '워밍업 부족', '학습률 고정', '정규화 부족', '모멘텀이 너무 큼'],
    );
    assert.equal(knowledge.symptomTable.filter((row) => row.beyondSource).length, 3);
  });

  it('6.4.2 switching and 6.4.3 scaling', () => {
    assert.deepEqual(
      knowledge.optimizerSwitchingTable[0]?.phases.map(({ optimizer }) => optimizer),
      ['adam', 'adam', 'sgd-momentum'],
    );
    const linear = knowledge.scalingRule('linear');
    assert.equal(linear.exponent, 1);
    assert.equal(linear.batchLimit, 8192);
    assert.deepEqual(linear.optimizers, ['sgd', 'sgd-momentum', 'nag']);
    assert.equal(knowledge.scalingRule('square-root').exponent, 0.5);
    assert.equal(knowledge.scalingRuleFor('sgd-momentum')?.id, 'linear');
    assert.equal(knowledge.scalingRuleFor('adamw')?.id, 'square-root');
    assert.equal(knowledge.scalingRuleFor('newton'), undefined);
  });

  it('5.4.2 and 5.1.1: batches', () => {
    assert.deepEqual(knowledge.reasonById('llm-lamb')?.facts, { batchSize: { low: 32768 }, minutes: 76 });
    assert.deepEqual(knowledge.reasonById('cv-large-batch')?.facts, { batchSize: { low: 256, high: 2048 } });
  });

  it('6.5 newer optimizers', () => {
    assert.deepEqual(
      knowledge.trendTable.map(({ id, year, origin }) => [id, year ?? null, origin ?? null]),
      [
        ['adafactor', null, null],
        ['lion', 2023, 'Google'],
        ['sophia', 2023, 'Stanford'],
        ['lookahead', null, null],
        ['ranger', null, null],
        ['sam', null, null],
      ],
    );
    const sophia = knowledge.trendTable.find(({ id }) => id === 'sophia');
    assert.deepEqual([sophia?.speedup?.over, sophia?.speedup?.factor], ['adamw', 2]);
  });

  it('6.6 benchmarks', () => {
    const { convergenceSpeed, imagenetResnet50, bertGlue } = knowledge.benchmarks;
    assert.deepEqual(
      convergenceSpeed.rows.map((row) => [
        row.id,
        `${row.early.word.ko} ${row.early.factor}`,
        `${row.middle.word.ko} ${row.middle.factor}`,
        `${row.final.word.ko} ${row.final.factor}`,
        row.totalTimePercent,
      ]),
      [
        ['sgd', '느림 1', '보통 1', '느림 1', 100],
        ['sgd-momentum', '보통 1.5', '빠름 1.5', '보통 1.2', 70],
        ['adam', '매우 빠름 3', '매우 빠름 2.5', '빠름 2', 40],
        ['adamw', '매우 빠름 3', '매우 빠름 2.5', '빠름 2', 40],
        ['radam', '매우 빠름 3', '매우 빠름 2.5', '빠름 2', 40],
        ['rmsprop', '빠름 2.5', '빠름 2', '보통 1.5', 50],
        ['adagrad', '빠름 2.5', '보통 1.5', '느림 0.8', 70],
      ],
    );
    assert.deepEqual(
      imagenetResnet50.rows.map((row) => [row.id, row.top1Percent, row.top5Percent, row.epochs]),
      [
        ['sgd-momentum', 76.5, 93.2, 90],
        ['adam', 75.8, 92.8, 60],
        ['adamw', 76.2, 93.0, 60],
        ['rmsprop', 75.5, 92.5, 70],
      ],
    );
    assert.deepEqual(
      bertGlue.rows.map((row) => [row.id, row.averageScore, row.epochs, row.stability.text.ko]),
      [
        ['adamw', 85.2, 3, '높음'],
        ['adam', 84.8, 3, '중간'],
        ['radam', 85.1, 3, '매우 높음'],
        ['sgd-momentum', 82.5, 10, '낮음'],
      ],
    );
  });

  it('7 glossary', () => {
    const terms =
      `옵티마이저 그래디언트 학습률 모멘텀 적응형_학습률 1차_모멘트 2차_모멘트 편향_보정 가중치_감쇠
      헤시안_행렬 곡률 플랫_미니마 샤프_미니마 워밍업 어닐링 그래디언트_클리핑 희소성 배치_크기 에폭 수렴 발산 일반화
      과적합 정규화 지수_이동_평균 감쇠율 트레이드오프 하이퍼파라미터 그래디언트_소실 그래디언트_폭발
      최적화_랜드스케이프 로컬_미니마 글로벌_미니마 새들_포인트 관성 진동 스케일링 정상성 비정상성 임베딩
      어텐션_메커니즘 셀프_어텐션 멀티-헤드_어텐션 트랜스포머 잔차_연결 레이어_정규화 배치_정규화 드롭아웃
      백프로퍼게이션 순전파 역전파 손실_함수 교차_엔트로피 평균_제곱_오차 경사_하강법 확률적_경사_하강법 미니배치
      엣지_컴퓨팅 온디바이스_학습 분산_학습 혼합_정밀도_학습 전이_학습 파인튜닝 사전_학습 다운스트림_태스크 토큰 시퀀스
      타임스텝 장기_의존성 은닉_상태 게이트 인코더 디코더 콜드_스타트 협업_필터링 컨텐츠_기반_필터링 리워드 정책 가치_함수
      Q-러닝 정책_그래디언트 탐험 활용 경험_재생 타겟_네트워크 TD_에러 부트스트래핑 액터-크리틱 프록시말_정책_최적화
      샘플_효율성 컨볼루션 풀링 세그멘테이션 객체_탐지 임팩트_엔코딩 원-핫_인코딩 크로네커_곱 피셔_정보_행렬
      자연_그래디언트 공분산_행렬 팩토라이제이션 희소_행렬 밀집_행렬`
        .trim()
        .split(/\s+/)
        .map((term) => term.replaceAll('_', ' '));
    assert.equal(terms.length, 103);
    assert.deepEqual(
      knowledge.glossaryTable.filter(({ section }) => section === '7').map(({ term }) => term.ko),
      terms,
    );
    assert.equal(knowledge.glossaryTerm('weight-decay')?.term.ko, '가중치 감쇠');
    assert.ok(knowledge.termsForSetting('learningRate').some(({ id }) => id === 'learning-rate'));
  });
});
