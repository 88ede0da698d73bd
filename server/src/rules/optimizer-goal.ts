import type { GoalId, OptimizerId } from '../knowledge/ids.ts';
import { goalPreference } from '../knowledge/traits-and-goals.ts';
import { withParticle } from '../korean.ts';
import { settingOf, spanOf, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { switchOptimizer } from './support/changes.ts';
import { cite } from './support/cite.ts';
import { example } from './support/example.ts';
import { finding, sentences } from './support/findings.ts';
import { isForm, isSgdLike, optimizerList, optimizerName, optimizerOf } from './support/optimizers.ts';

export const optimizerGoal: Rule = {
  scope: 'run',
  meta: {
    id: 'optimizer-goal',
    category: 'optimizer',
    severity: 'information',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['goal-preferences'],
    what: text(
      'Another optimizer than the tables recommend for the goal you stated.',
      '적어 둔 학습 목표에 표가 권하는 것과 다른 옵티마이저를 사용한 경우입니다.',
    ),
    why: text(
      "What counts as the best optimizer depends on what the run is for: SGD with momentum for the last points of a CNN's accuracy, AdamW for fine-tuning, LAMB or SGD where many devices share the work. The rule needs the goal in a comment (`# trainlint: goal=best-accuracy`) or in the project settings; a goal that was only inferred gives a hint.",
      '가장 좋은 옵티마이저는 학습의 목적에 따라 다릅니다. CNN의 정확도를 끝까지 올리려면 SGD + Momentum, 파인튜닝에는 AdamW, 여러 장치가 나누어 학습할 때는 LAMB이나 SGD가 권장됩니다. 목표를 주석(`# trainlint: goal=best-accuracy`)이나 프로젝트 설정에 적으면 검사하며, 추론한 목표라면 힌트로만 알립니다.',
    ),
    bad: [
      example(
        'generic',
        'resnet.yaml',
        'Adam where the last points of accuracy count',
        '최고 정확도가 목표인데 Adam 사용',
        `
# trainlint: goal=best-accuracy architecture=resnet domain=cv-cnn from-scratch=true
optimizer: adam
momentum: 0.9
learning_rate: 0.001
batch_size: 256
epochs: 300
`,
        ['optimizer: adam', 'optimizer: sgd'],
        ['learning_rate: 0.001', 'learning_rate: 0.1'],
      ),
    ],
    good: [
      example(
        'ultralytics',
        'args.yaml',
        'SGD with momentum',
        'SGD + Momentum',
        `
# trainlint: goal=best-accuracy
task: detect
mode: train
model: yolov8n.pt
epochs: 300
batch: 64
optimizer: SGD
lr0: 0.01
lrf: 0.01
`,
      ),
    ],
  },
  check: (run) => {
    const goal = settingOf(run, 'goal');
    if (!goal) return cannotTell('the goal is not known', '학습 목표를 알 수 없습니다');
    // A goal that was only inferred adds nothing to what the rows of architecture and domain say.
    const closer = valueOf(run, 'architecture') ?? valueOf(run, 'domain');
    if (goal.from === 'inferred' && closer) return [];
    const optimizer = optimizerOf(run);
    if (typeof optimizer !== 'string') return optimizer;
    const row = goalPreference(goal.value);
    const [best] = row.optimizers;
    if (!best || isCloseEnough(goal.value, optimizer)) return [];
    // "Best accuracy with SGD" is a statement about CNNs: transformers reach theirs with AdamW.
    if (goal.value === 'best-accuracy' && !isConvolutional(valueOf(run, 'domain'))) return [];
    const source = cite(row.sources);
    return [
      finding(
        spanOf(run, 'optimizer'),
        sentences(
          text(
            `The optimizer is ${optimizerName(optimizer)}, the goal is ${row.name.en.toLowerCase()}.`,
            `옵티마이저가 ${optimizerName(optimizer)}이고 목표는 '${row.name.ko}'입니다.`,
          ),
          text(
            `Recommended for it: ${optimizerList(row.optimizers)} (${source.en}).`,
            `이 목표에는 ${withParticle(optimizerList(row.optimizers), '을/를')} 권합니다(${source.ko}).`,
          ),
          text(`Try ${optimizerName(best)}.`, `${withParticle(optimizerName(best), '을/를')} 써 보세요.`),
        ),
        {
          severity: goal.from === 'inferred' ? 'hint' : 'information',
          evidence: [`goal-preferences/${goal.value}`],
          changes: row.optimizers.flatMap((id) => switchOptimizer(run, id)),
          data: { optimizer, goal: goal.value, recommended: row.optimizers },
        },
      ),
    ];
  },
};

/** Names the table shortens: SGD stands for its momentum forms, Adam for AdamW where several tasks share a network. */
function isCloseEnough(goal: GoalId, optimizer: OptimizerId): boolean {
  const { optimizers } = goalPreference(goal);
  if (optimizers.some((wanted) => isForm(optimizer, wanted))) return true;
  if (optimizers.includes('sgd') && isSgdLike(optimizer)) return true;
  return goal === 'multi-task' && optimizer === 'adamw';
}

function isConvolutional(domain: string | undefined): boolean {
  return domain === undefined || domain === 'cv-cnn';
}
