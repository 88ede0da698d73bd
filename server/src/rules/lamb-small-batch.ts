import { limit } from '../knowledge/limits.ts';
import { isStated, spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { switchOptimizer } from './support/changes.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatCount } from './support/numbers.ts';
import { knownOptimizer } from './support/optimizers.ts';

export const lambSmallBatch: Rule = {
  scope: 'run',
  meta: {
    id: 'lamb-small-batch',
    category: 'batch',
    severity: 'hint',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['limits/layerwise-batch-low', 'domain-preferences/llm'],
    what: text('LAMB at a small batch.', '작은 배치에 LAMB을 사용한 경우입니다.'),
    why: text(
      'LAMB was made for batches of tens of thousands. At a few hundred AdamW does the same with one setting less to tune.',
      'LAMB은 수만 개 단위의 배치를 위해 만들어졌습니다. 수백 개의 배치에서는 AdamW로도 같은 결과를 더 간단히 얻습니다.',
    ),
    bad: [
      example(
        'deepspeed',
        'ds_config.json',
        'LAMB at a batch of 64',
        '배치 64에 LAMB 사용',
        `
{
  "train_batch_size": 64,
  "optimizer": {
    "type": "Lamb",
    "params": { "lr": 0.0001 }
  },
  "zero_optimization": { "stage": 1 }
}
`,
        ['"Lamb"', '"AdamW"'],
      ),
    ],
    good: [
      example(
        'deepspeed',
        'ds_config.json',
        'LAMB at a batch of 32,768',
        '배치 32,768에 LAMB 사용',
        `
{
  "train_batch_size": 32768,
  "optimizer": {
    "type": "Lamb",
    "params": { "lr": 0.002 }
  },
  "zero_optimization": { "stage": 1 }
}
`,
      ),
    ],
  },
  check: (run) => {
    if (knownOptimizer(run) !== 'lamb') return [];
    const batch = valueOf(run, 'globalBatch');
    // Without the number of devices the batch may be many times larger.
    if (batch === undefined || !(isStated(run, 'globalBatch') || isStated(run, 'worldSize')))
      return cannotTell('the batch over all devices is not known', '전체 장치의 배치 크기를 알 수 없습니다');
    if (batch >= limit('layerwise-batch-low')) return [];
    return [
      finding(
        spanOf(run, 'optimizer'),
        text(
          `LAMB trains at a batch of ${formatCount(batch)}. It is usual from ${formatCount(limit('layerwise-batch'))} on (preference tables 5.4.2). Use AdamW.`,
          `배치 ${formatCount(batch)}에 LAMB을 씁니다. LAMB은 보통 배치 ${formatCount(limit('layerwise-batch'))} 이상에서 씁니다(선호도 표 5.4.2). AdamW를 쓰세요.`,
        ),
        {
          evidence: ['limits/layerwise-batch-low'],
          changes: switchOptimizer(run, 'adamw'),
          data: { batch },
        },
      ),
    ];
  },
};
