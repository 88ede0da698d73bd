import { spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { optimizerName, optimizerOf } from './support/optimizers.ts';

export const recsysHybridOptimizer: Rule = {
  scope: 'run',
  meta: {
    id: 'recsys-hybrid-optimizer',
    category: 'optimizer',
    severity: 'hint',
    fix: 'none',
    since: '0.1.0',
    sources: ['domain-preferences/recsys-embedding', 'domain-preferences/recsys-deep'],
    what: text(
      'One optimizer for a recommender with both sparse embeddings and a deep network.',
      '희소 임베딩과 심층 신경망이 함께 있는 추천 모델에 옵티마이저를 하나만 쓴 경우입니다.',
    ),
    why: text(
      'A row of an embedding is touched by few samples, a dense layer by all of them. Many industrial systems give Adagrad to the embeddings and Adam to the network. The rule speaks when the run is a deep recommender and its features are said to be sparse.',
      '임베딩의 한 행은 일부 표본에서만 갱신되고, 밀집 층은 모든 표본에서 갱신됩니다. 많은 산업 시스템이 임베딩에는 Adagrad, 신경망에는 Adam을 씁니다. 딥러닝 추천 모델이고 희소 특성이라고 적혀 있을 때 알립니다.',
    ),
    bad: [
      example(
        'generic',
        'deepfm.yaml',
        'Adam for everything',
        '모든 층에 Adam 사용',
        `
# trainlint: domain=recsys-deep traits=sparse-features
optimizer: adam
learning_rate: 0.001
batch_size: 4096
epochs: 5
`,
      ),
    ],
    good: [
      example(
        'generic',
        'deepfm.yaml',
        'Dense features only',
        '밀집 특성만 있는 모델',
        `
# trainlint: domain=recsys-deep traits=dense-features
optimizer: adam
learning_rate: 0.001
batch_size: 4096
epochs: 5
`,
      ),
    ],
  },
  check: (run, file) => {
    const domain = valueOf(run, 'domain');
    if (!domain?.startsWith('recsys-') || file.runs.length > 1) return [];
    const traits = valueOf(run, 'traits');
    if (!traits) return cannotTell('no trait of the data is known', '데이터 특성을 알 수 없습니다');
    if (domain !== 'recsys-deep' || !traits.includes('sparse-features')) return [];
    const optimizer = optimizerOf(run);
    if (typeof optimizer !== 'string') return optimizer;
    return [
      finding(
        spanOf(run, 'optimizer'),
        text(
          `${optimizerName(optimizer)} trains the embeddings and the network alike. Usual is Adagrad for sparse embeddings and Adam for the dense layers (preference tables 5.6.1). Give the embeddings an optimizer of their own where your code allows it.`,
          `임베딩과 신경망을 모두 같은 옵티마이저(${optimizerName(optimizer)})로 학습합니다. 보통 희소 임베딩에는 Adagrad, 밀집 층에는 Adam을 씁니다(선호도 표 5.6.1). 코드에서 나눌 수 있다면 임베딩에 별도의 옵티마이저를 쓰세요.`,
        ),
        {
          evidence: ['domain-preferences/recsys-embedding', 'domain-preferences/recsys-deep'],
          data: { optimizer },
        },
      ),
    ];
  },
};
