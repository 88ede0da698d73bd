import { architecturePreference } from '../knowledge/architectures.ts';
import { domainPreference } from '../knowledge/domains.ts';
import { withParticle } from '../korean.ts';
import { spanOf, type TrainingRun, valueOf } from '../run/training-run.ts';
import { type Text, text } from '../text.ts';
import { cannotTell, type Rule } from './rule.ts';
import { clipAt } from './support/changes.ts';
import { cite } from './support/cite.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { isAdamLike, isSgdLike, knownOptimizer } from './support/optimizers.ts';
import { unlessInferred } from './support/severity.ts';
import { usualById, usualFor } from './support/usual.ts';

export const clippingMissing: Rule = {
  scope: 'run',
  meta: {
    id: 'clipping-missing',
    category: 'stability',
    severity: 'warning',
    fix: 'unsafe',
    since: '0.1.0',
    sources: [
      'symptoms/gradient-explosion',
      'domain-preferences',
      'architecture-preferences/lstm',
      'usual-values/clip-norm',
    ],
    what: text(
      'No gradient clipping where it is usual: recurrent networks, large language models, vision transformers, PPO.',
      '순환 신경망, 대규모 언어 모델, 비전 트랜스포머, PPO처럼 그래디언트 클리핑을 보통 쓰는 곳에서 쓰지 않은 경우입니다.',
    ),
    why: text(
      'One bad batch can give a gradient thousands of times the usual size. SGD walks off with it, and recurrent networks multiply it through every time step; clipping the norm makes that batch harmless. Optimizers that bound their own step (Adafactor, LAMB, Lion, Sophia) are left alone.',
      '나쁜 배치 하나가 그래디언트를 평소의 수천 배로 키울 수 있습니다. SGD는 그대로 따라가고, 순환 신경망은 타임스텝마다 이를 곱합니다. 노름을 클리핑하면 그런 배치도 해를 끼치지 못합니다. 스텝 크기를 스스로 제한하는 옵티마이저(Adafactor, LAMB, Lion, Sophia)에는 알리지 않습니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'pretrain.yaml',
        'Clipping switched off for a GPT',
        'GPT 사전 학습에서 클리핑을 끈 경우',
        `
model_name_or_path: gpt2
output_dir: out
optim: adamw_torch
learning_rate: 5.0e-5
lr_scheduler_type: cosine
warmup_ratio: 0.1
weight_decay: 0.1
max_grad_norm: 0
per_device_train_batch_size: 8
num_train_epochs: 3
`,
        ['max_grad_norm: 0', 'max_grad_norm: 1'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'pretrain.yaml',
        'Clipping at a norm of 1, the default of the Trainer',
        'Trainer의 기본값인 노름 1 클리핑',
        `
model_name_or_path: gpt2
output_dir: out
optim: adamw_torch
learning_rate: 5.0e-5
lr_scheduler_type: cosine
warmup_ratio: 0.1
weight_decay: 0.1
per_device_train_batch_size: 8
num_train_epochs: 3
`,
      ),
    ],
  },
  check: (run, file) => {
    const norm = valueOf(run, 'clipNorm');
    const value = valueOf(run, 'clipValue');
    if ((norm ?? 0) > 0 || (value ?? 0) > 0) return [];
    if (run.opaque.has('clipNorm') || run.opaque.has('clipValue') || norm === undefined)
      return cannotTell(
        'whether gradients are clipped is not known',
        '그래디언트 클리핑 여부를 알 수 없습니다',
      );
    const need = whoClips(run);
    if (!need) return [];
    const optimizer = knownOptimizer(run);
    if (optimizer && !isAdamLike(optimizer) && !isSgdLike(optimizer) && optimizer !== 'rmsprop') return [];
    if (optimizer === 'lamb') return [];
    const method = valueOf(run, 'method');
    const adapters = method === 'lora' || method === 'qlora';
    const strength = need.strong ? 'warning' : adapters ? 'hint' : 'information';
    const usual = (usualFor(run, 'gradientClipping.norm', file.dialect.id) ?? usualById('clip-norm')).typical;
    const stated = run.settings.clipNorm?.from !== 'inferred';
    return [
      finding(
        spanOf(run, 'clipNorm', 'optimizer'),
        text(
          `${stated ? 'Gradients are not clipped' : 'No gradient clipping is set'}. ${need.who.en} are usually trained with clipping (${need.source.en}). Clip the norm at ${usual}${stated ? '' : ', unless your code does'}.`,
          `${stated ? '그래디언트 클리핑이 없습니다' : '그래디언트 클리핑 설정이 없습니다'}. ${need.who.ko}에서는 보통 클리핑을 씁니다(${need.source.ko}). ${stated ? '' : '코드에서 클리핑하지 않는다면 '}노름을 ${withParticle(String(usual), '으로/로')} 클리핑하세요.`,
        ),
        {
          severity: unlessInferred(run, strength, 'clipNorm'),
          evidence: [need.row, 'symptoms/gradient-explosion'],
          changes: [clipAt(usual)],
          data: { clipNorm: 0, usual },
        },
      ),
    ];
  },
};

interface Need {
  readonly who: Text;
  readonly source: Text;
  readonly row: string;
  /** The table calls it necessary, not only usual. */
  readonly strong: boolean;
}

function whoClips(run: TrainingRun): Need | undefined {
  const architecture = valueOf(run, 'architecture');
  const row = architecture ? architecturePreference(architecture) : undefined;
  if (row?.facts.gradientClipping?.needed)
    return {
      who: text(`${row.name} networks`, `${row.name} 신경망`),
      source: cite(row.sources),
      row: `architecture-preferences/${row.id}`,
      strong: true,
    };
  const domain = valueOf(run, 'domain');
  const preference = domain ? domainPreference(domain) : undefined;
  if (!preference?.gradientClipping?.usual) return undefined;
  // Clipping is PPO's habit; SAC, TD3 and DDPG of the same domain train without.
  if (preference.id === 'rl-policy' && architecture !== 'ppo') return undefined;
  return {
    who: text(
      domainSubject[preference.id]?.en ?? preference.name.en,
      domainSubject[preference.id]?.ko ?? preference.name.ko,
    ),
    source: cite(preference.gradientClipping.sources),
    row: `domain-preferences/${preference.id}`,
    strong: preference.id === 'timeseries-rnn',
  };
}

/** Domains as the subject of a sentence. */
const domainSubject: Readonly<Record<string, Text>> = {
  'cv-vit': text('Vision transformers', '비전 트랜스포머'),
  llm: text('Large language models', '대규모 언어 모델'),
  'rl-policy': text('Policy-gradient agents', '정책 기반 강화학습'),
  'timeseries-rnn': text('Recurrent networks', '순환 신경망'),
};
