import { limit } from '../knowledge/limits.ts';
import { spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { switchOptimizer } from './support/changes.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatCount } from './support/numbers.ts';
import { isAdamLike, optimizerName, optimizerOf } from './support/optimizers.ts';

export const adamLargeBatch: Rule = {
  scope: 'run',
  meta: {
    id: 'adam-large-batch',
    category: 'batch',
    severity: 'information',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['limits/layerwise-batch', 'data-trait-preferences/large-batch'],
    what: text(
      'Adam or AdamW at a batch of 32,768 samples or more.',
      '배치가 32,768개 이상인데 Adam이나 AdamW를 사용한 경우입니다.',
    ),
    why: text(
      "At such batches the rate has to be large, and layers differ in how large a step they stand. LAMB measures each layer's step against its weights; with it BERT trained at a batch of 65,536 in 76 minutes where AdamW failed.",
      '이런 배치에서는 학습률을 크게 써야 하는데, 층마다 견딜 수 있는 스텝의 크기가 다릅니다. LAMB은 층별로 가중치에 비례해 스텝을 맞춥니다. AdamW가 실패한 배치 65,536에서 BERT를 76분 만에 학습했습니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'pretrain.yaml',
        'AdamW at a batch of 65,536',
        '배치 65,536에 AdamW 사용',
        `
# trainlint: world-size=64
output_dir: out
optim: adamw_torch
learning_rate: 1.0e-3
per_device_train_batch_size: 128
gradient_accumulation_steps: 8
max_steps: 8000
warmup_steps: 800
`,
      ),
      example(
        'deepspeed',
        'ds_config.json',
        'The same in DeepSpeed, which has LAMB',
        'LAMB이 있는 DeepSpeed의 같은 설정',
        `
{
  "train_batch_size": 65536,
  "train_micro_batch_size_per_gpu": 128,
  "optimizer": {
    "type": "AdamW",
    "params": { "lr": 0.002, "weight_decay": 0.01 }
  },
  "zero_optimization": { "stage": 1 }
}
`,
        ['"AdamW"', '"Lamb"'],
      ),
    ],
    good: [
      example(
        'deepspeed',
        'ds_config.json',
        'LAMB at that batch',
        '같은 배치에 LAMB 사용',
        `
{
  "train_batch_size": 65536,
  "train_micro_batch_size_per_gpu": 128,
  "optimizer": {
    "type": "Lamb",
    "params": { "lr": 0.002, "weight_decay": 0.01 }
  },
  "zero_optimization": { "stage": 1 }
}
`,
      ),
    ],
  },
  check: (run) => {
    const batch = valueOf(run, 'globalBatch');
    if (batch === undefined) return cannotTell('the batch is not known', '배치 크기를 알 수 없습니다');
    const least = limit('layerwise-batch');
    if (
      batch < least ||
      valueOf(run, 'domain')?.startsWith('rl-') ||
      valueOf(run, 'domain')?.startsWith('recsys-')
    )
      return [];
    const optimizer = optimizerOf(run);
    if (typeof optimizer !== 'string') return optimizer;
    if (!isAdamLike(optimizer) || optimizer === 'lamb') return [];
    return [
      finding(
        spanOf(run, 'optimizer'),
        text(
          `The batch is ${formatCount(batch)} and the optimizer ${optimizerName(optimizer)}. From ${formatCount(least)} on it stops converging well; LAMB is usual there (You et al. 2019; preference tables 5.4.2). Use LAMB, or a smaller batch.`,
          `배치가 ${formatCount(batch)}, 옵티마이저가 ${optimizerName(optimizer)}입니다. ${formatCount(least)} 이상에서는 수렴이 나빠져 보통 LAMB을 씁니다(You et al. 2019, 선호도 표 5.4.2). LAMB을 쓰거나 배치를 줄이세요.`,
        ),
        {
          evidence: ['limits/layerwise-batch', 'data-trait-preferences/large-batch'],
          changes: switchOptimizer(run, 'lamb'),
          data: { batch, optimizer },
        },
      ),
    ];
  },
};
