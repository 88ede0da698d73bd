import type { Span } from '../document/types.ts';
import type { ConfigFile } from '../engine/config-file.ts';
import { withParticle } from '../korean.ts';
import { isStated, spanOf, type TrainingRun, valueOf } from '../run/training-run.ts';
import { text } from '../text.ts';
import { cannotTell, type Finding, type Rule } from './rule.ts';
import { clipAt } from './support/changes.ts';
import { cite } from './support/cite.ts';
import { example } from './support/example.ts';
import { finding } from './support/findings.ts';
import { formatNumber, formatRange } from './support/numbers.ts';
import { usualById, usualFor } from './support/usual.ts';

/** Frameworks that hand the number on as it is; all others take what is not above 0 for no clipping. */
const handOn: readonly string[] = ['torchtune', 'timm', 'rl-zoo3'];

export const clipNormRange: Rule = {
  scope: 'run',
  meta: {
    id: 'clip-norm-range',
    category: 'stability',
    severity: 'warning',
    fix: 'unsafe',
    since: '0.1.0',
    sources: ['usual-values/clip-norm', 'usual-values/clip-norm-zero', 'torch/nn/utils/clip_grad.py'],
    what: text(
      'A gradient-norm limit so high that it never acts, so low that it always does, or negative where that turns the gradients round.',
      '그래디언트 노름 상한이 너무 높아 작동하지 않거나, 너무 낮아 늘 작동하거나, 음수라 그래디언트를 뒤집는 경우입니다.',
    ),
    why: text(
      'Clipping is for the rare bad batch. A limit of 1000 lets it through; one of 0.001 scales every gradient down and hides the learning rate. A negative limit means no clipping to most trainers; those that hand it on to torch.nn.utils.clip_grad_norm_ turn the gradients round: the loss is maximised.',
      '클리핑은 드물게 나오는 나쁜 배치를 위한 것입니다. 상한이 1000이면 그대로 통과하고, 0.001이면 모든 그래디언트가 줄어 학습률이 의미를 잃습니다. 음수는 대부분의 트레이너에서 클리핑을 끈다는 뜻이지만, torch.nn.utils.clip_grad_norm_에 그대로 넘기는 프레임워크에서는 그래디언트의 방향이 뒤집혀 손실을 키우게 됩니다.',
    ),
    bad: [
      example(
        'hf-trainer',
        'train.yaml',
        'A limit that never acts',
        '작동하지 않는 상한',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
max_grad_norm: 1000
`,
        ['max_grad_norm: 1000', 'max_grad_norm: 1'],
      ),
    ],
    good: [
      example(
        'hf-trainer',
        'train.yaml',
        'The usual limit',
        '보통의 상한',
        `
output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
max_grad_norm: 1
`,
      ),
    ],
  },
  check: (run, file) => {
    const below = handOn.includes(file.dialect.id) ? undefined : writtenBelowZero(run, file);
    // -1 is how people write "off".
    if (below) return below.norm === -1 ? [] : [neverClips(file, below.norm, below.span)];
    const norm = valueOf(run, 'clipNorm');
    if (norm === undefined)
      return cannotTell(
        'the limit of the gradient norm is not known',
        '그래디언트 노름의 상한을 알 수 없습니다',
      );
    const everywhere = usualById('clip-norm');
    if (!isStated(run, 'clipNorm') || norm === 0) return [];
    if (norm > 0 && norm <= everywhere.highest && norm >= everywhere.lowest) return [];
    const usual = usualFor(run, 'gradientClipping.norm', file.dialect.id) ?? everywhere;
    const range = formatRange(usual.low, usual.high);
    const source = cite(usual.row.sources);
    const shown = formatNumber(norm);
    const effect =
      norm < 0
        ? text('which turns the gradients round', '음수라 그래디언트의 방향이 뒤집힙니다')
        : norm > everywhere.highest
          ? text('so high that it never acts', '너무 높아 작동하지 않습니다')
          : text('so low that it scales down every step', '너무 낮아 모든 스텝이 줄어듭니다');
    return [
      finding(
        spanOf(run, 'clipNorm'),
        text(
          `The gradient norm is clipped at ${shown}, ${effect.en}. Usual is ${range.en} (${source.en}). Try ${formatNumber(usual.typical)}.`,
          `그래디언트 노름의 상한이 ${shown}입니다. ${effect.ko}. 보통 ${range.ko} 범위를 씁니다(${source.ko}). ${formatNumber(usual.typical)}부터 시도하세요.`,
        ),
        {
          severity: norm < 0 ? 'warning' : 'hint',
          evidence: [`usual-values/${usual.row.id}`],
          changes: [clipAt(usual.typical)],
          data: { clipNorm: norm, usual: [usual.low, usual.high] },
        },
      ),
    ];
  },
};

/** A negative limit as it stands in the file: most dialects read it as no limit, which is what it comes to there. */
function writtenBelowZero(run: TrainingRun, file: ConfigFile): { norm: number; span: Span } | undefined {
  const view = file.views[run.root];
  const paths =
    file.layouts[file.runs.indexOf(run)]?.bindings.filter(({ field }) => field === 'clipNorm') ?? [];
  const path = paths.flatMap((binding) => [...binding.paths]).find((one) => view?.has(one));
  const norm = path && view?.number(path);
  const node = path && view?.at(path);
  return norm !== undefined && norm < 0 && node ? { norm, span: node.span } : undefined;
}

/** A negative limit where it means none, or where nobody here knows what it means. */
function neverClips(file: ConfigFile, norm: number, span: Span): Finding {
  const shown = formatNumber(norm);
  const known = file.dialect.slips === undefined;
  return finding(
    span,
    known
      ? text(
          `The limit of the gradient norm is ${shown}, which ${file.dialect.name} takes for no clipping. Write ${formatNumber(-norm)}, or 0 if none is meant.`,
          `그래디언트 노름의 상한이 ${shown}입니다. ${file.dialect.name}에서는 음수면 클리핑을 하지 않습니다. ${withParticle(formatNumber(-norm), '을/를')} 쓰거나, 끄려면 0을 쓰세요.`,
        )
      : text(
          `The limit of the gradient norm is ${shown}: at best nothing is clipped, at worst the gradients are turned round (PyTorch scales by the limit as it is). Write ${formatNumber(-norm)}, or 0 if none is meant.`,
          `그래디언트 노름의 상한이 ${shown}입니다. 클리핑이 꺼지거나, PyTorch에 그대로 넘어가면 그래디언트의 방향이 뒤집힙니다. ${withParticle(formatNumber(-norm), '을/를')} 쓰거나, 끄려면 0을 쓰세요.`,
        ),
    {
      severity: 'information',
      evidence: ['usual-values/clip-norm'],
      changes: [clipAt(-norm)],
      data: { clipNorm: norm },
    },
  );
}
