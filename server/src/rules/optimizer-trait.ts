import type { OptimizerId } from '../knowledge/ids.ts';
import { optimizerById } from '../knowledge/optimizers.ts';
import { dataTraitPreference } from '../knowledge/traits-and-goals.ts';
import { withParticle } from '../korean.ts';
import { settingOf, spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { switchOptimizer } from './support/changes.ts';
import { cite } from './support/cite.ts';
import { example } from './support/example.ts';
import { finding, sentences } from './support/findings.ts';
import { optimizerList, optimizerName, optimizerOf } from './support/optimizers.ts';

export const optimizerTrait: Rule = {
  scope: 'run',
  meta: {
    id: 'optimizer-trait',
    category: 'optimizer',
    severity: 'information',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['data-trait-preferences'],
    what: text(
      'An optimizer that the tables call unfit for a trait of the data.',
      '데이터 특성에 맞지 않는다고 표에 나온 옵티마이저를 사용한 경우입니다.',
    ),
    why: text(
      'Sparse or imbalanced features need a step size for each weight, and SGD has one for all. Noise and drifting data stall Adagrad, whose steps only ever shrink. Second-order methods keep a matrix that high dimensions do not allow. Say the traits of your data in a comment (`# trainlint: traits=sparse-features`) to have them checked.',
      '희소하거나 불균형한 특성에는 가중치마다 다른 스텝이 필요하지만 SGD에는 없습니다. 잡음이 많거나 분포가 변하는 데이터에서는 스텝이 줄기만 하는 Adagrad가 일찍 멈춥니다. 2차 방법은 차원이 높으면 감당할 수 없는 행렬을 저장합니다. 데이터 특성을 주석(`# trainlint: traits=sparse-features`)으로 적으면 검사합니다.',
    ),
    bad: [
      example(
        'generic',
        'ctr.yaml',
        'SGD on sparse features',
        '희소 특성에 SGD 사용',
        `
# trainlint: traits=sparse-features
optimizer: sgd
learning_rate: 0.01
batch_size: 4096
epochs: 5
`,
        ['optimizer: sgd', 'optimizer: adagrad'],
      ),
    ],
    good: [
      example(
        'generic',
        'ctr.yaml',
        'Adagrad on sparse features',
        '희소 특성에 Adagrad 사용',
        `
# trainlint: traits=sparse-features
optimizer: adagrad
learning_rate: 0.01
batch_size: 4096
epochs: 5
`,
      ),
    ],
  },
  check: (run) => {
    const traits = valueOf(run, 'traits');
    if (!traits?.length) return cannotTell('no trait of the data is known', '데이터 특성을 알 수 없습니다');
    // Traits that follow from the architecture or the domain add nothing to what those rows say.
    // A large batch is the business of adam-large-batch.
    const known = valueOf(run, 'architecture') ?? valueOf(run, 'domain') ?? traits.includes('large-batch');
    if (settingOf(run, 'traits')?.from === 'inferred' && known) return [];
    const optimizer = optimizerOf(run);
    if (typeof optimizer !== 'string') return optimizer;
    return traits.flatMap((trait) => {
      const row = dataTraitPreference(trait);
      if (!row.unfitting.some((entry) => excludes(entry, optimizer, row.fitting))) return [];
      const [best] = row.fitting;
      if (!best) return [];
      const source = cite(row.sources);
      const list = optimizerList(row.fitting);
      return [
        finding(
          spanOf(run, 'optimizer'),
          sentences(
            text(
              `The optimizer is ${optimizerName(optimizer)}, the data have this trait: ${row.name.en.toLowerCase()}.`,
              `옵티마이저가 ${optimizerName(optimizer)}이고 데이터 특성은 '${row.name.ko}'입니다.`,
            ),
            text(
              `${row.reason.en} Usual there: ${list} (${source.en}).`,
              `${row.reason.ko} 이런 데이터에는 보통 ${withParticle(list, '을/를')} 씁니다(${source.ko}).`,
            ),
            text(`Try ${optimizerName(best)}.`, `${withParticle(optimizerName(best), '을/를')} 써 보세요.`),
          ),
          {
            evidence: [`data-trait-preferences/${trait}`],
            changes: row.fitting.flatMap((id) => switchOptimizer(run, id)),
            data: { optimizer, trait, fitting: row.fitting },
          },
        ),
      ];
    });
  },
};

/** The table's short names: SGD stands for its momentum forms too, Adam for AdamW. */
function excludes(entry: OptimizerId, optimizer: OptimizerId, fitting: readonly OptimizerId[]): boolean {
  if (fitting.includes(optimizer)) return false;
  if (entry === 'sgd') return optimizerById(optimizer).family === 'sgd';
  if (entry === 'adam') return optimizer === 'adam' || optimizer === 'adamw';
  return entry === optimizer;
}
