import type { ScheduleKind } from '../run/fields.ts';
import { text } from '../text.ts';
import type { Dialect } from './dialect.ts';
import { always, bind, defaultsOf, key, named, positive } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { mixedWhenOn } from './support/precision.ts';

const usual = defaultsOf('LAVIS 1.0');
const run = (name: string) => `run.${name}`;

const schedules = named<ScheduleKind>(
  {
    linear_warmup_cosine_lr: 'cosine',
    linear_warmup_step_lr: 'exponential',
    constant_lr: 'constant',
  },
  'other',
);

/** BLIP-2's framework, and those that grew out of it (InstructBLIP, MiniGPT-4): one runner with AdamW built in. */
export const lavis: Dialect = {
  id: 'lavis',
  name: 'LAVIS',
  formats: ['yaml'],
  loader: loadedBy('omegaconf', 'cast', 'LAVIS common/config.py: OmegaConf.load, then float(init_lr)'),
  recognise(view) {
    if (view.boolean(key(run('evaluate'))) === true) return undefined;
    return byKeys(view, {
      all: [run('lr_sched'), run('init_lr')],
      any: [
        'task',
        'runner',
        'warmup_lr',
        'min_lr',
        'max_epoch',
        'batch_size_train',
        'accum_grad_iters',
        'iters_per_epoch',
        'train_splits',
      ].map(run),
      min: 2,
      confidence: 0.95,
    });
  },
  layouts: (view) => {
    const counted = view.has(key(run('max_iters')));
    return [
      {
        label: '',
        anchor: key(run('init_lr')),
        bindings: [
          always('optimizer', usual('adamw')),
          bind('learningRate', run('init_lr')),
          always('beta1', usual(0.9)),
          bind('beta2', run('beta2'), { fallback: usual(0.999) }),
          always('eps', usual(1e-8)),
          bind('weightDecay', run('weight_decay'), { fallback: usual(0.05) }),
          bind('batchPerDevice', run('batch_size_train')),
          bind('gradientAccumulation', run('accum_grad_iters'), { fallback: usual(1) }),
          // The runner that counts in iterations works its epochs out of them.
          counted
            ? bind('maxSteps', run('max_iters'), { read: positive })
            : bind('epochs', run('max_epoch'), { read: positive }),
          bind('schedule', run('lr_sched'), schedules),
          bind('warmupSteps', run('warmup_steps'), { fallback: usual(0) }),
          bind('minLearningRate', run('min_lr')),
          bind('decayFactor', run('lr_decay_rate')),
          bind('precision', run('amp'), { ...mixedWhenOn(), fallback: usual('fp32') }),
          bind('model', 'model.arch', { readOnly: true }),
          bind('task', run('task'), { readOnly: true }),
        ],
        finish(settings) {
          const pretraining = /pretrain/.test(settings.task?.value ?? '');
          imply(
            settings,
            {
              objective: pretraining ? 'pretraining' : 'supervised',
              goal: pretraining ? undefined : 'fine-tuning',
              fromScratch: pretraining ? undefined : false,
            },
            text('by the task of the run', '작업(task)의 이름으로 판단'),
          );
        },
      },
    ];
  },
};
