import { text } from '../text.ts';
import type { ConfigView, Dialect, RunLayout } from './dialect.ts';
import { bind, defaultsOf, key } from './support/bind.ts';
import { hasKeys, recognised } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { optimizerNames } from './support/optimizers.ts';
import { parameterType } from './support/precision.ts';
import { hfSchedules } from './support/schedules.ts';

const usual = defaultsOf('ai-toolkit');
const optimizers = optimizerNames('ai-toolkit', {
  adamw: 'adamw',
  adam: 'adam',
  adafactor: 'adafactor',
  lion: 'lion8bit',
  adagrad: 'adagrad',
});

/** The training processes of a job: each trains on its own. */
function processes(view: ConfigView): number[] {
  const list = view.at(['config', 'process']);
  if (list?.kind !== 'seq') return [];
  return list.items.flatMap((_, index) =>
    view.at(['config', 'process', index, 'train'])?.kind === 'map' ? [index] : [],
  );
}

const layout = (index: number, label: string): RunLayout => {
  const process = `config.process.${index}`;
  const at = (name: string) => `${process}.train.${name}`;
  return {
    label,
    anchor: key(`${process}.train`),
    bindings: [
      bind('optimizer', at('optimizer'), { ...optimizers, fallback: usual('adamw') }),
      bind('learningRate', [at('lr'), at('unet_lr')], { fallback: usual(1e-6) }),
      bind('weightDecay', at('optimizer_params.weight_decay')),
      bind('batchPerDevice', at('batch_size'), { fallback: usual(1) }),
      bind('gradientAccumulation', [at('gradient_accumulation_steps'), at('gradient_accumulation')], {
        fallback: usual(1),
      }),
      bind('maxSteps', at('steps'), { fallback: usual(1000) }),
      bind('schedule', at('lr_scheduler'), { ...hfSchedules, fallback: usual('constant') }),
      bind('clipNorm', at('max_grad_norm'), { fallback: usual(1) }),
      bind('precision', at('dtype'), { ...parameterType, fallback: usual('fp32') }),
      bind('model', `${process}.model.name_or_path`),
      bind('method', `${process}.network.type`, {
        read: (value) =>
          value.kind === 'string' && /lora|lokr|dora/i.test(value.value) ? 'lora' : undefined,
        readOnly: true,
      }),
    ],
    finish(settings) {
      imply(
        settings,
        { goal: 'fine-tuning', fromScratch: false, objective: 'denoising' },
        text('ai-toolkit tunes image models', 'ai-toolkit은 이미지 모델을 튜닝하는 도구'),
      );
    },
  };
};

export const aiToolkit: Dialect = {
  id: 'ai-toolkit',
  name: 'ai-toolkit',
  formats: ['yaml', 'json'],
  loader: loadedBy(
    'jsonargparse',
    'kept',
    'ai-toolkit toolkit/config.py: a SafeLoader that reads exponents without a dot',
  ),
  recognise(view) {
    if (!view.has(['job']) || processes(view).length === 0) return undefined;
    return recognised(0.97, hasKeys(['job', 'config.process', 'train']));
  },
  layouts(view) {
    const all = processes(view);
    return all.map((index) => layout(index, all.length > 1 ? `process ${index}` : ''));
  },
};
