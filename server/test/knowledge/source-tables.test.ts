import assert from 'node:assert/strict';
import * as knowledge from '../../src/knowledge/index.ts';

/**
 * The comparison tables of the source document, written down a second time and by hand, so that a slip in
 * the JSON cannot hide behind itself.
 */
const names: Record<string, knowledge.OptimizerId> = {
  SGD: 'sgd',
  'SGD + Momentum': 'sgd-momentum',
  NAG: 'nag',
  Adagrad: 'adagrad',
  RMSprop: 'rmsprop',
  Adam: 'adam',
  AdamW: 'adamw',
  AdaMax: 'adamax',
  Nadam: 'nadam',
  RAdam: 'radam',
  AdaBound: 'adabound',
  LAMB: 'lamb',
  "Newton's Method": 'newton',
  'L-BFGS': 'lbfgs',
  'K-FAC': 'kfac',
  Adafactor: 'adafactor',
};

function rowsOf(markdown: string): string[][] {
  return markdown
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
}

function optimizers(cell: string): knowledge.OptimizerId[] {
  if (cell === '-') return [];
  return cell.split(', ').map((name) => {
    const id = names[name];
    assert.ok(id, name);
    return id;
  });
}

describe('the tables of the source', () => {
  it('2.1 optimizers', () => {
    const expected = rowsOf(`
      SGD | 1차 | 없음 | 높음 | 느림 | 우수
      SGD + Momentum | 1차 | 1x | 중간 | 중간 | 우수
      NAG | 1차 | 1x | 중간 | 중간 | 우수
      Adagrad | 1차 | 1x | 낮음 | 빠름 | 보통
      RMSprop | 1차 | 1x | 낮음 | 빠름 | 보통
      Adam | 1차 | 2x | 낮음 | 빠름 | 보통
      AdamW | 1차 | 2x | 낮음 | 빠름 | 우수
      AdaMax | 1차 | 2x | 낮음 | 빠름 | 보통
      Nadam | 1차 | 2x | 낮음 | 빠름 | 보통
      RAdam | 1차 | 2x | 매우 낮음 | 빠름 | 우수
      AdaBound | 1차 | 2x | 낮음 | 빠름 | 우수
      LAMB | 1차 | 2x | 중간 | 빠름 | 우수
      Newton's Method | 2차 | $O(n^2)$ | 낮음 | 매우 빠름 | 우수
      L-BFGS | 2차 | 중간 | 중간 | 빠름 | 우수
      K-FAC | 2차 | 중간 | 중간 | 빠름 | 우수`);
    const levels: Record<string, string> = {
      '매우 낮음': 'very-low',
      낮음: 'low',
      중간: 'medium',
      높음: 'high',
      느림: 'slow',
      빠름: 'fast',
      '매우 빠름': 'very-fast',
      보통: 'average',
      우수: 'excellent',
    };
    const factors: Record<string, number | null> = { 없음: 0, '1x': 1, '2x': 2, $O: null, 중간: null };
    const actual = knowledge.optimizerTable.filter((row) => row.table === '2.1');
    assert.equal(actual.length, 15);
    for (const [index, [name = '', order, memory = '', ...ratings]] of expected.entries()) {
      const row = actual[index];
      assert.ok(row, name);
      assert.equal(row.name, name);
      assert.equal(row.id, names[name]);
      assert.equal(`${row.order}차`, order, name);
      assert.equal(row.memoryOverhead.word.ko, memory, name);
      assert.equal(row.memoryOverhead.factor, factors[memory] ?? null, name);
      const actualRatings = [row.hyperparameterSensitivity, row.convergenceSpeed, row.generalization];
      assert.deepEqual(
        actualRatings.map(({ text }) => text.ko),
        ratings,
        name,
      );
      assert.deepEqual(
        actualRatings.map(({ level }) => level),
        ratings.map((word) => levels[word]),
        name,
      );
      assert.equal(row.ratingsFrom, 'source-document');
    }
  });

  it('2.2 domains', () => {
    const expected = rowsOf(`
      cv-cnn | SGD + Momentum | AdamW | NAG | 일반화 성능, 큰 배치 크기
      cv-vit | AdamW | Adam | LAMB | 빠른 수렴, 어텐션 안정화
      nlp | AdamW | Adam | RAdam | 가변 길이 시퀀스, 희소성
      llm | AdamW | LAMB | Adam | 스케일 안정성, 메모리 효율
      rl-value | RMSprop | Adam | SGD | 비정상적 환경, 타겟 네트워크
      rl-policy | Adam | RMSprop | AdamW | 정책 그래디언트 안정화
      recsys-embedding | Adagrad | Adam | - | 희소 특성, 불균등 업데이트
      recsys-deep | Adam | AdamW | RMSprop | 밀집 그래디언트
      timeseries-rnn | Adam | RMSprop | AdamW | 그래디언트 클리핑, 비정상성
      timeseries-transformer | AdamW | Adam | RAdam | 장기 의존성, 어텐션
      memory-constrained | SGD | Adagrad | SGD + Momentum | 최소 메모리 사용
      on-device | SGD | SGD + Momentum | - | 경량화, 실시간 학습`);
    assert.equal(knowledge.domainPreferenceTable.length, expected.length);
    for (const [id = '', first = '', second = '', third = '', considerations = ''] of expected) {
      assert.ok(knowledge.isDomainId(id));
      const row = knowledge.domainPreference(id);
      assert.deepEqual(
        row.preferences,
        [first, second, third]
          .flatMap(optimizers)
          .map((optimizer, index) => ({ rank: index + 1, optimizer })),
        id,
      );
      assert.deepEqual(row.considerations.map(({ ko }) => ko).join(', '), considerations, id);
    }
  });

  it('2.3 architectures', () => {
    const expected = rowsOf(`
      resnet | ResNet | SGD + Momentum | 0.1 | 256 | 코사인 어닐링
      efficientnet | EfficientNet | RMSprop | 0.016 | 256 | 지수 이동 평균
      vit | Vision Transformer (ViT) | AdamW | 1e-3 | 512-4096 | 선형 워밍업
      bert | BERT | AdamW | 5e-5 | 32 | 10% 스텝 워밍업
      gpt | GPT | AdamW | 6e-4 | 512 | 코사인 감쇠
      t5 | T5 | Adafactor | 1e-3 | 128 | 메모리 효율형
      lstm | LSTM | Adam | 1e-3 | 64 | 그래디언트 클리핑
      gru | GRU | RMSprop | 7e-4 | 32 | 시퀀스 길이 조정
      gan-generator | GAN (Generator) | Adam | 2e-4 | 128 | β₁ = 0.5
      gan-discriminator | GAN (Discriminator) | Adam | 2e-4 | 128 | 별도 학습률 가능
      unet | U-Net | Adam | 1e-4 | 16 | 세그멘테이션 특화
      yolo | YOLO | SGD + Momentum | 1e-2 | 64 | 스텝 감쇠
      mask-rcnn | Mask R-CNN | SGD + Momentum | 2e-2 | 16 | 긴 학습 스케줄
      dqn | DQN | RMSprop | 2.5e-4 | 32 | 타겟 네트워크
      ppo | PPO | Adam | 3e-4 | 2048 | 클리핑 정책`);
    assert.equal(knowledge.architecturePreferenceTable.length, expected.length);
    for (const [id = '', name, optimizer = '', learningRate, batch = '', notes] of expected) {
      assert.ok(knowledge.isArchitectureId(id));
      const row = knowledge.architecturePreference(id);
      assert.equal(row.name, name);
      assert.equal(row.optimizer, names[optimizer], id);
      assert.equal(row.learningRate, Number(learningRate), id);
      const [low = 0, high = low] = batch.split('-').map(Number);
      assert.deepEqual(knowledge.asRange(row.batchSize), { low, high }, id);
      assert.equal(row.notes.ko, notes, id);
    }
    const { facts: bert } = knowledge.architecturePreference('bert');
    assert.deepEqual(bert.warmup, { shape: 'linear', fraction: 0.1 });
    assert.equal(knowledge.architecturePreference('gan-generator').facts.beta1, 0.5);
    assert.equal(knowledge.architecturePreference('gan-discriminator').facts.separateLearningRate, true);
    assert.deepEqual(knowledge.architecturePreference('gpt').facts.schedule?.kinds, ['cosine']);
    assert.deepEqual(knowledge.architecturePreference('resnet').facts.schedule?.kinds, ['cosine']);
    assert.equal(knowledge.architecturePreference('yolo').facts.schedule?.kinds[0], 'step');
    assert.equal(knowledge.architecturePreference('mask-rcnn').facts.schedule?.long, true);
    assert.equal(knowledge.architecturePreference('lstm').facts.gradientClipping?.needed, true);
    assert.equal(knowledge.architecturePreference('efficientnet').facts.parameterAveraging, true);
    assert.equal(knowledge.architecturePreference('vit').facts.warmup?.shape, 'linear');
  });

  it('2.4 data traits', () => {
    const expected = rowsOf(`
      sparse-features | Adagrad, Adam | SGD
      dense-features | SGD, Adam | -
      variable-length | Adam, AdamW | SGD
      high-dimensional | Adam, AdamW | Newton's Method, L-BFGS, K-FAC
      imbalanced | Adam, AdamW | SGD
      noisy | SGD + Momentum | Adagrad
      non-stationary | RMSprop, Adam | Adagrad
      large-batch | LAMB, SGD | Adam`);
    assert.equal(knowledge.dataTraitPreferenceTable.length, expected.length);
    for (const [id, fitting = '', unfitting = ''] of expected) {
      const row = knowledge.dataTraitPreferenceTable.find((entry) => entry.id === id);
      assert.deepEqual(row?.fitting, optimizers(fitting), id);
      assert.deepEqual(row?.unfitting, optimizers(unfitting), id);
    }
    assert.equal(knowledge.dataTraitPreference('high-dimensional').unfittingWord?.ko, '2차 옵티마이저');
  });

  it('2.5 goals', () => {
    const expected = rowsOf(`
      best-accuracy | SGD + Momentum | 긴 학습, 학습률 스케줄 | 시간 소요
      fast-prototyping | Adam | 기본 하이퍼파라미터 | 일반화 약함
      transfer-learning | AdamW | 작은 학습률, 선택적 동결 | 레이어별 학습률
      fine-tuning | AdamW | 1e-5 ~ 5e-5 학습률 | 워밍업 짧게
      zero-shot | AdamW | 대규모 사전학습 | 메타 학습
      multi-task | Adam | 태스크별 가중치 | 균형 조정
      continual-learning | Adam, SGD | 리허설 버퍼 | 파국적 망각 방지
      distributed | LAMB, SGD | 동기화 전략 | 통신 오버헤드`);
    assert.equal(knowledge.goalPreferenceTable.length, expected.length);
    for (const [id, recommended = '', strategy, caution] of expected) {
      const row = knowledge.goalPreferenceTable.find((entry) => entry.id === id);
      assert.deepEqual(row?.optimizers, optimizers(recommended), id);
      assert.equal(row?.strategy.ko, strategy, id);
      assert.equal(row?.caution.ko, caution, id);
    }
    assert.deepEqual(knowledge.goalPreference('fine-tuning').facts.learningRate, { low: 1e-5, high: 5e-5 });
  });
});
