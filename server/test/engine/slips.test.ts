import assert from 'node:assert/strict';
import { fixAll } from '../../src/engine/fix.ts';
import { lint } from '../../src/engine/lint.ts';
import { openConfig } from '../../src/engine/open.ts';

/** Rule and 1-based line of every finding; undefined when the file is taken for no training config. */
function found(text: string, name = 'train.yaml'): string[] | undefined {
  const { file } = openConfig(text, name);
  return (
    file &&
    lint(file).findings.map(({ rule, span }) => `${rule}:${text.slice(0, span.start).split('\n').length}`)
  );
}

const config = `model: my_net
optimizer:
  name: adamw
  lr: 0.001
  weight_decay: 0.01
batch_size: 32
epochs: 10
scheduler: cosine
warmup_epochs: 1
max_grad_norm: 1.0
`;

describe('a training config whose slip hides what it is', () => {
  it('is known by its other words', () => {
    const broken = {
      'a colon is missing': ['  lr: 0.001', '  lr 0.001'],
      'a tab indents': ['  lr: 0.001', '\tlr: 0.001'],
      'a quote is open': ['  lr: 0.001', '  lr: "0.001'],
    } as const;
    for (const [what, [good, bad]] of Object.entries(broken))
      assert.deepEqual(found(config.replace(good, bad)), ['syntax-error:4'], what);
  });

  it('is known where the header of a block lost its colon', () => {
    for (const after of ['', ' ', ' # AdamW'])
      assert.deepEqual(found(config.replace('optimizer:', `optimizer${after}`)), ['syntax-error:2'], after);
    const all = `train:\n${config.replace(/^/gm, '  ').trimEnd()}\n`;
    assert.deepEqual(found(all.replace('train:', 'train')), ['syntax-error:1']);
    assert.equal(found('services\n  web:\n    image: nginx\n  steps: 3\n'), undefined);
  });

  it('has its misspelt key named and mended', () => {
    const flat =
      'optimizer: adamw\nleanring_rate: 0.001\nbatch_size: 32\nepochs: 10\nwarmup_steps: 10\ngrad_clip: 1\n';
    assert.deepEqual(
      found(flat)?.filter((one) => one.startsWith('unknown-key')),
      ['unknown-key:2'],
    );
    assert.match(fixAll(flat, 'train.yaml', { unsafe: true }).text, /^learning_rate: 0\.001$/m);
    const upper =
      'SOLVER:\n  OPTIMIZER: AdamW\n  LEANRING_RATE: 0.001\n  WARMUP_STEPS: 5\n  EPOCHS: 10\n  BATCH_SIZE: 4\n';
    const { file: capitals } = openConfig(upper, 'train.yaml');
    assert.ok(
      capitals && lint(capitals).findings.some(({ message }) => message.en.includes('`LEARNING_RATE`')),
    );
  });

  it('is not made out of other files', () => {
    assert.equal(found('name: ci\nsteps:\n  - run "tests\n'), undefined);
    assert.equal(found('service api\nport: 8080\n'), undefined);
    assert.deepEqual(
      found(`${config}patch_size: 16\nwarm_up_epoch: 2\n`)?.filter((one) => one.startsWith('unknown-key')),
      [],
    );
  });
});

describe('a quote that is not closed', () => {
  it('is shown where it opens, however far down the next one stands', () => {
    const text = `output_dir: out\nrun_name: "first\nper_device_train_batch_size: 8\nnum_train_epochs: 3\nlearning_rate: 5.0e-5\noptim: "adamw_torch"\n`;
    assert.ok(found(text)?.includes('syntax-error:2'));
  });
});
