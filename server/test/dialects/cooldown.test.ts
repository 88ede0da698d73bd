import assert from 'node:assert/strict';
import { writeChange } from '../../src/dialects/write.ts';
import { applyEdits } from '../../src/document/edit.ts';
import { set } from '../../src/run/change.ts';
import { factorAt, scheduleShape } from '../../src/run/schedule.ts';
import { valueOf } from '../../src/run/training-run.ts';
import { fixtureText, openText } from './open.ts';

const change = {
  title: { en: 'cooldown', ko: '쿨다운' },
  safe: false,
  operations: [set('schedule', 'warmup-stable-decay'), set('cooldownRatio', 0.2)],
};

function written(name: string, text: string): string | undefined {
  const file = openText(text, name);
  assert.ok(file);
  const edits = writeChange(file, 0, change);
  return edits && applyEdits(text, edits);
}

/** Rate at shares of the run, as a share of the peak. */
function rates(name: string, text: string): number[] {
  const run = openText(text, name)?.runs[0];
  assert.ok(run);
  assert.equal(valueOf(run, 'schedule'), 'warmup-stable-decay');
  const shape = scheduleShape(run);
  assert.ok(shape);
  return [0.5, 0.79, 0.9, 1].map((x) => Math.round(100 * factorAt(shape, x)) / 100);
}

const huggingFace = `model_name_or_path: gpt2
output_dir: out
optim: adamw_torch
learning_rate: 5.0e-4
lr_scheduler_type: constant
per_device_train_batch_size: 8
max_steps: 4000
`;

describe('a cooldown at the end of a constant rate', () => {
  it('is num_decay_steps in transformers, which insists on it', () => {
    const text = written('train.yaml', huggingFace) ?? '';
    assert.match(text, /lr_scheduler_type: warmup_stable_decay/);
    assert.match(text, /lr_scheduler_kwargs:\n\s+num_decay_steps: 800\n\s+decay_type: linear/);
    assert.deepEqual(rates('train.yaml', text), [1, 1, 0.5, 0]);
  });

  it('is not written where the number of steps is not known', () => {
    assert.equal(
      written('train.yaml', huggingFace.replace('max_steps: 4000', 'num_train_epochs: 3')),
      undefined,
    );
  });

  it('is a style and a number of iterations in Megatron-LM', () => {
    const name = 'megatron/gpt.yaml';
    const text = written(name, fixtureText(name)) ?? '';
    assert.match(text, /--lr-decay-style: WSD/);
    assert.match(text, /--lr-wsd-decay-iters: 200\n/);
    assert.match(text, /--lr-wsd-decay-style: linear/);
    assert.deepEqual(rates(name, text).slice(0, 2), [1, 1]);
  });

  it('is a share in torchtitan and a first step of the decay in nanotron', () => {
    const titan =
      written('torchtitan/debug.toml', fixtureText('torchtitan/debug.toml').replace('20 ', '5 ')) ?? '';
    assert.match(titan, /decay_ratio = 0\.2/);
    assert.deepEqual(rates('torchtitan/debug.toml', titan), [1, 1, 0.5, 0]);
    const name = 'nanotron/tiny.yaml';
    const nano = written(name, fixtureText(name)) ?? '';
    assert.match(nano, /lr_decay_starting_step: 800/);
    assert.match(nano, /lr_decay_steps: 200/);
    assert.match(nano, /lr_decay_style: linear/);
    assert.deepEqual(rates(name, nano).slice(0, 2), [1, 1]);
  });

  it('is no decay that ends too early', () => {
    const name = 'nanotron/tiny.yaml';
    const run = openText(
      fixtureText(name).replace(
        'lr_decay_steps: 980',
        'lr_decay_steps: 200\n    lr_decay_starting_step: 800',
      ),
      name,
    )?.runs[0];
    assert.ok(run);
    assert.equal(valueOf(run, 'decaySteps'), 1000);
    assert.equal(valueOf(run, 'cooldownRatio'), 0.2);
  });
});
