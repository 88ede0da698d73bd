import { architecturePreference } from '../knowledge/architectures.ts';
import { optimizerStanding } from '../knowledge/domains.ts';
import { goalPreference } from '../knowledge/traits-and-goals.ts';
import { withParticle } from '../korean.ts';
import { situationsOf } from '../run/situation.ts';
import { settingOf, spanOf, type TrainingRun, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { switchOptimizer } from './support/changes.ts';
import { cite } from './support/cite.ts';
import { example } from './support/example.ts';
import { finding, sentences } from './support/findings.ts';
import { isForm, optimizerName, optimizerOf, usualForObjective } from './support/optimizers.ts';

export const optimizerArchitecture: Rule = {
  scope: 'run',
  meta: {
    id: 'optimizer-architecture',
    category: 'optimizer',
    severity: 'information',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['architecture-preferences'],
    what: text(
      'Another optimizer than the one the architecture is usually trained with.',
      '아키텍처에 보통 쓰는 것과 다른 옵티마이저를 사용한 경우입니다.',
    ),
    why: text(
      'Published recipes of an architecture were tuned around one optimizer; its learning rate, warm-up and weight decay come with it. Another one can work, but the numbers found in papers no longer apply. Where published work also uses the optimizer, this is a hint only.',
      '공개된 학습 설정은 아키텍처마다 하나의 옵티마이저에 맞춰져 있고, 학습률과 워밍업, 가중치 감쇠도 그에 따라 정해졌습니다. 다른 옵티마이저도 쓸 수 있지만 논문의 수치를 그대로 쓸 수는 없습니다. 그 옵티마이저를 쓴 공개 사례가 있으면 힌트로만 알립니다.',
    ),
    bad: [
      example(
        'generic',
        'yolo.yaml',
        'RMSprop for YOLO',
        'YOLO에 RMSprop 사용',
        `
# trainlint: architecture=yolo
optimizer: rmsprop
momentum: 0.9
learning_rate: 0.01
batch_size: 64
epochs: 100
`,
        ['optimizer: rmsprop', 'optimizer: sgd'],
      ),
    ],
    good: [
      example(
        'ultralytics',
        'args.yaml',
        'SGD with momentum for YOLO',
        'YOLO에 SGD + Momentum 사용',
        `
task: detect
mode: train
model: yolov8n.pt
epochs: 100
batch: 64
optimizer: SGD
lr0: 0.01
lrf: 0.01
`,
      ),
    ],
  },
  check: (run) => {
    const optimizer = optimizerOf(run);
    if (typeof optimizer !== 'string') return optimizer;
    const architecture = valueOf(run, 'architecture');
    if (!architecture) return cannotTell('the architecture is not known', '아키텍처를 알 수 없습니다');
    const row = architecturePreference(architecture);
    // AdamW is Adam with its weight decay mended; nobody is told to go back.
    if (isForm(optimizer, row.optimizer) || (row.optimizer === 'adam' && optimizer === 'adamw')) return [];
    const published =
      row.alsoUsed.some((entry) => entry.optimizer === optimizer) ||
      row.domains.some((domain) => optimizerStanding(domain, optimizer) !== undefined) ||
      situationsOf(run).some((one) => one.optimizers.includes(optimizer));
    if (usualForObjective(run, optimizer) || (published && standsIn(run))) return [];
    const goal = settingOf(run, 'goal');
    // A goal the user stated is closer: it decides, and where it asks for the same, it says so itself.
    if (goal && goal.from !== 'inferred') {
      const { optimizers } = goalPreference(goal.value);
      if (optimizers.includes(optimizer) || optimizers.includes(row.optimizer)) return [];
    }
    const name = optimizerName(optimizer);
    const usual = optimizerName(row.optimizer);
    const source = cite(row.sources);
    return [
      finding(
        spanOf(run, 'optimizer'),
        sentences(
          text(`The optimizer is ${name}.`, `옵티마이저가 ${name}입니다.`),
          text(
            `${row.name} is usually trained with ${usual} (${source.en})${published ? `, though ${name} is in use too` : ''}.`,
            `${row.name}에는 보통 ${withParticle(usual, '을/를')} 씁니다(${source.ko}).${published ? ` ${name} 사례도 있습니다.` : ''}`,
          ),
          published
            ? text(
                `If results disappoint, try ${usual}.`,
                `결과가 아쉬우면 ${withParticle(usual, '을/를')} 써 보세요.`,
              )
            : text(`Try ${usual}.`, `${withParticle(usual, '을/를')} 써 보세요.`),
        ),
        {
          severity: published ? 'hint' : 'information',
          evidence: [`architecture-preferences/${architecture}`],
          changes: switchOptimizer(run, row.optimizer),
          data: { optimizer, architecture, usual: row.optimizer },
        },
      ),
    ];
  },
};

/** A segmentation network that is no U-Net is read as its nearest relative; what U-Nets take is not its recipe. */
function standsIn(run: TrainingRun): boolean {
  const architecture = settingOf(run, 'architecture');
  return (
    architecture?.value === 'unet' &&
    architecture.from === 'inferred' &&
    !/u-?_?net/i.test(valueOf(run, 'model') ?? '')
  );
}
