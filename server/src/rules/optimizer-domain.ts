import type { ConfigFile } from '../engine/config-file.ts';
import { architecturePreference } from '../knowledge/architectures.ts';
import { domainPreference, optimizerStanding } from '../knowledge/domains.ts';
import type { OptimizerId } from '../knowledge/ids.ts';
import { goalPreference } from '../knowledge/traits-and-goals.ts';
import { withParticle } from '../korean.ts';
import { settingOf, spanOf, type TrainingRun, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { switchOptimizer } from './support/changes.ts';
import { cite } from './support/cite.ts';
import { example } from './support/example.ts';
import { finding, sentences } from './support/findings.ts';
import {
  isForm,
  optimizerList,
  optimizerName,
  optimizerOf,
  usualForObjective,
} from './support/optimizers.ts';

export const optimizerDomain: Rule = {
  scope: 'run',
  meta: {
    id: 'optimizer-domain',
    category: 'optimizer',
    severity: 'information',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['domain-preferences'],
    what: text(
      'An optimizer that the preference tables do not list for the domain.',
      '도메인의 선호도 표에 없는 옵티마이저를 사용한 경우입니다.',
    ),
    why: text(
      'Domains differ in how sparse, noisy and deep their problems are, and the optimizers that became usual there answer to it: SGD with momentum generalises well on convolutional networks, AdamW keeps attention stable, Adagrad serves rare embedding rows. Where a more telling row exists (the architecture, or a goal you stated), that row speaks instead.',
      '도메인마다 데이터의 희소성과 잡음, 모델의 깊이가 다르고, 각 도메인에서 자리 잡은 옵티마이저는 그 특성에 맞습니다. 합성곱 신경망에서는 SGD + Momentum의 일반화가 좋고, 어텐션은 AdamW로 안정되며, 드물게 갱신되는 임베딩에는 Adagrad가 맞습니다. 아키텍처나 직접 적은 목표처럼 더 구체적인 항목이 있으면 그 항목을 따릅니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'classify.yaml',
        'SGD for a language task',
        '자연어 처리에 SGD 사용',
        `
# trainlint: domain=nlp
output_dir: out
optim: sgd
learning_rate: 5.0e-5
per_device_train_batch_size: 32
num_train_epochs: 3
warmup_ratio: 0.1
`,
        ['optim: sgd', 'optim: adamw_torch'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'classify.yaml',
        'AdamW, the first choice for language',
        '자연어 처리의 1순위인 AdamW',
        `
# trainlint: domain=nlp
output_dir: out
optim: adamw_torch
learning_rate: 5.0e-5
per_device_train_batch_size: 32
num_train_epochs: 3
warmup_ratio: 0.1
`,
      ),
    ],
  },
  check: (run, file) => {
    const optimizer = optimizerOf(run);
    if (typeof optimizer !== 'string') return optimizer;
    if (optimizer === 'sgd' && momentumIsInCode(run, file))
      return cannotTell(
        'the file leaves the momentum of SGD to the defaults of its code',
        '파일에 SGD의 모멘텀이 없어 코드의 기본값을 따릅니다',
      );
    const domain = valueOf(run, 'domain');
    if (!domain) return cannotTell('the domain is not known', '도메인을 알 수 없습니다');
    const standing = optimizerStanding(domain, optimizer);
    if (typeof standing === 'number' || closerRowSpeaks(run, optimizer)) return [];
    const row = domainPreference(domain);
    const ranked = row.preferences.map((entry) => entry.optimizer);
    const [first] = ranked;
    if (!first) return [];
    const name = optimizerName(optimizer);
    const list = optimizerList(ranked);
    const source = cite(row.sources);
    return [
      finding(
        spanOf(run, 'optimizer'),
        sentences(
          text(`The optimizer is ${name}.`, `옵티마이저가 ${name}입니다.`),
          text(
            `For ${lowerFirst(row.name.en)} the usual ones are, best first, ${list} (${source.en}).`,
            `${row.name.ko}에서는 보통 ${list} 순으로 씁니다(${source.ko}).`,
          ),
          text(`Try ${optimizerName(first)}.`, `${withParticle(optimizerName(first), '을/를')} 써 보세요.`),
        ),
        {
          severity: standing === 'also-used' ? 'hint' : 'information',
          evidence: [`domain-preferences/${domain}`],
          changes: ranked.slice(0, 2).flatMap((id) => switchOptimizer(run, id)),
          data: { optimizer, domain, usual: ranked },
        },
      ),
    ];
  },
};

/** Whether the row of the architecture, or of a goal the user stated, decides instead. */
function closerRowSpeaks(run: TrainingRun, optimizer: OptimizerId): boolean {
  if (usualForObjective(run, optimizer)) return true;
  const said = settingOf(run, 'domain')?.from;
  const architecture = settingOf(run, 'architecture');
  const onlyDomainIsSaid = (said === 'comment' || said === 'project') && architecture?.from === 'inferred';
  if (architecture && !onlyDomainIsSaid) return true;
  if (architecture && isForm(optimizer, architecturePreference(architecture.value).optimizer)) return true;
  const goal = settingOf(run, 'goal');
  return (
    goal !== undefined &&
    goal.from !== 'inferred' &&
    goalPreference(goal.value).optimizers.includes(optimizer)
  );
}

function lowerFirst(name: string): string {
  return /^[A-Z][a-z]/.test(name) ? name[0]?.toLowerCase() + name.slice(1) : name;
}

/** Configs in capitals (yacs) only override what stands in the code: SGD without a word of momentum has the code's. */
function momentumIsInCode(run: TrainingRun, file: ConfigFile): boolean {
  const name = settingOf(run, 'optimizer')?.path?.at(-1);
  return (
    file.dialect.id === 'generic' &&
    settingOf(run, 'momentum') === undefined &&
    typeof name === 'string' &&
    name === name.toUpperCase()
  );
}
