import type { Dialect } from './dialect.ts';
import { bind } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { loadedBy } from './support/loaders.ts';
import { acceleratePrecision } from './support/precision.ts';

/** A launcher's file: how many processes and in which precision, nothing about the optimizer. */
export const accelerate: Dialect = {
  id: 'accelerate',
  name: 'Accelerate',
  formats: ['yaml', 'json'],
  loader: loadedBy('pyyaml', 'kept', 'accelerate commands/config/config_args.py: yaml.safe_load, no cast'),
  recognise: (view) =>
    byKeys(view, {
      all: ['distributed_type'],
      any: [
        'compute_environment',
        'num_processes',
        'mixed_precision',
        'num_machines',
        'machine_rank',
        'use_cpu',
        'fsdp_config',
        'deepspeed_config',
      ],
      confidence: 0.95,
    }),
  layouts: () => [
    {
      label: '',
      anchor: ['distributed_type'],
      bindings: [
        bind('worldSize', 'num_processes'),
        bind('precision', 'mixed_precision', acceleratePrecision),
        bind(
          'gradientAccumulation',
          ['deepspeed_config.gradient_accumulation_steps', 'gradient_accumulation_steps'],
          {
            writeAll: () => undefined,
          },
        ),
        bind('clipNorm', 'deepspeed_config.gradient_clipping', { writeAll: () => undefined }),
      ],
    },
  ],
};
