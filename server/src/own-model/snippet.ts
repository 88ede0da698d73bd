import { limit } from '../knowledge/limits.ts';
import { type TrainingRun, valueOf } from '../run/training-run.ts';
import type { Language } from '../text.ts';
import type { SnippetSource } from './adapters/adapter.ts';
import { adapterFor } from './adapters/registry.ts';
import { type FirstStep, firstStep } from './first-step.ts';
import { measuring } from './measuring.ts';
import { inComment, indent, literal, type Say, sayIn } from './python.ts';

export interface Snippet {
  /** A name to save it under, beside the config. */
  readonly fileName: string;
  readonly text: string;
}

/** A self-contained Python file that measures this run's settings on the user's own model. Needs PyTorch only. */
export function ownModelSnippet(source: SnippetSource, run: TrainingRun, language: Language): Snippet {
  const say = sayIn(language);
  const stem = (source.fileName.split('/').at(-1) ?? '').replace(/\.[^.]+$/, '').replace(/[^\w-]+/g, '_');
  const fileName = `measure_${stem || 'config'}${run.label ? `_${run.label.replace(/[^\w-]+/g, '_')}` : ''}.py`;
  const parts = [
    heading(source, run, fileName, say),
    facts(source, run, say),
    `def build():\n    """${say('Returns the model, an iterable of batches, and loss(model, batch).', '모델, 배치들, loss(model, batch)를 돌려줍니다.')}"""${indent(adapterFor(source.dialect)({ ...source, run, say }))}`,
    optimizer(firstStep(run, say), say),
    measuring(say).trim(),
  ];
  return { fileName, text: `${parts.join('\n\n\n')}\n` };
}

function heading(source: SnippetSource, run: TrainingRun, fileName: string, say: Say): string {
  const config = inComment(source.fileName);
  const what = [source.framework, valueOf(run, 'optimizer'), run.label]
    .filter(Boolean)
    .map(String)
    .map(inComment);
  return `"""${say(`Measures ${config} (${what.join(', ')}) on your own model, with Trainlint.`, `${config} 설정(${what.join(', ')})을 실제 모델에서 측정합니다. Trainlint가 만든 파일입니다.`)}

${say(
  `Some forward and backward passes on real batches, no training: the critical learning rate of the first step
(Kalra et al. 2026, arXiv 2601.16979), gradient norms, update sizes, gradient noise. Weights, buffers and random
state are put back. Fill in build() where it says EDIT, then:`,
  `실제 배치로 순전파와 역전파를 몇 번 할 뿐 학습하지 않습니다. 첫 스텝의 임계 학습률(Kalra 외 2026, arXiv 2601.16979),
그래디언트 노름, 업데이트 크기, 그래디언트 노이즈를 잽니다. 가중치, 버퍼, 난수 상태는 되돌립니다.
build()에서 "수정" 표시가 있는 곳을 채운 뒤 실행하세요:`,
)}
    python ${fileName} > measured.txt
    trainlint diagnose measured.txt
"""
import json, math, random, sys, time
from itertools import islice

import torch`;
}

/** What the config says, as constants. */
function facts(source: SnippetSource, run: TrainingRun, say: Say): string {
  const rate = valueOf(run, 'learningRate');
  const clip = valueOf(run, 'clipNorm');
  const clipValue = valueOf(run, 'clipValue');
  const batch = valueOf(run, 'batchPerDevice');
  return `# ${say('From the config; where the config changes, generate this file again.', '설정에서 가져온 값입니다. 설정이 바뀌면 이 파일을 다시 만드세요.')}
CONFIG, RUN, OPTIMIZER = ${literal(source.fileName)}, ${literal(run.label)}, ${literal(valueOf(run, 'optimizer'))}
LR = ${literal(rate)}${rate === undefined ? `  # ${say('EDIT: the config names no learning rate', '수정: 설정에 학습률이 없습니다')}` : `  # ${say('the highest of the schedule', '스케줄의 최고값')}`}
CLIP, CLIP_VALUE, PRECISION = ${literal(clip || undefined)}, ${literal(clipValue || undefined)}, ${literal(valueOf(run, 'precision') ?? 'fp32')}
BATCH, ACCUMULATION = ${literal(batch ?? 8)}, ${literal(valueOf(run, 'gradientAccumulation') ?? 1)}${batch === undefined ? `  # ${say('EDIT: batch size', '수정: 배치 크기')}` : ''}
USUAL_RATIO = ${literal(limit('update-ratio-usual'))}  # ${say('update / weight; CS231n notes, a rough rule', '업데이트 / 가중치. CS231n 강의 노트의 어림값')}
STEPS, SEARCHES = 16, 5  # ${say('gradients to take; for how many of them the critical rate is searched (about 12 forward passes each)', '그래디언트를 구할 횟수, 그중 임계 학습률을 찾을 횟수(한 번에 순전파 약 12번)')}
DEVICE = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"`;
}

function optimizer(step: FirstStep | undefined, say: Say): string {
  const before = step?.before ? `${step.before}\n\n\n` : '';
  const note = step?.note ? `    # ${step.note}\n` : '';
  const body =
    step?.body ??
    `# ${say('EDIT: PyTorch has no such optimizer; put yours here.', '수정: PyTorch에 없는 옵티마이저입니다. 사용하는 것을 넣으세요.')}\n    raise NotImplementedError("${say('fill in make_optimizer() of this file', '이 파일의 make_optimizer()를 채우세요')}")`;
  return `${before}def make_optimizer(params, lr):
${note}    ${body}`;
}
