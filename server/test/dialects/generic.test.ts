import assert from 'node:assert/strict';
import { fixAll } from '../../src/engine/fix.ts';
import { lint } from '../../src/engine/lint.ts';
import { openConfig } from '../../src/engine/open.ts';
import { valueOf } from '../../src/run/training-run.ts';

const adversarial = {
  'blocks of both optimizers': [
    'gan.yaml',
    `optimizer_g: {type: Adam, lr: 0.0002, betas: [0.9, 0.999]}
optimizer_d: {type: Adam, lr: 0.0004, betas: [0.5, 0.999]}
train: {epochs: 200, batch_size: 64}
`,
  ],
  'blocks of both players': [
    'gan.json',
    `{
  "trainer": { "epochs": 200, "batch_size": 64 },
  "generator": { "optimizer": { "name": "Adam", "lr": 2e-4, "betas": [0.9, 0.999] } },
  "discriminator": { "optimizer": { "name": "Adam", "lr": 4e-4, "betas": [0.5, 0.999] } }
}`,
  ],
  'keys with a prefix beside shared ones': [
    'gan.toml',
    `optimizer = "adam"
g_lr = 0.0002
d_lr = 0.0004
beta1_g = 0.9
beta1_d = 0.5
n_epochs = 200
batch_size = 64
`,
  ],
} as const;

describe('a training config of no known framework', () => {
  for (const [how, [name, text]] of Object.entries(adversarial))
    it(`has two runs where generator and discriminator are set apart: ${how}`, () => {
      const { file } = openConfig(text, name);
      assert.deepEqual(
        file?.runs.map((run) => [
          run.label,
          ...(['architecture', 'optimizer', 'learningRate', 'beta1', 'globalBatch', 'epochs'] as const).map(
            (field) => valueOf(run, field),
          ),
        ]),
        [
          ['generator', 'gan-generator', 'adam', 0.0002, 0.9, 64, 200],
          ['discriminator', 'gan-discriminator', 'adam', 0.0004, 0.5, 64, 200],
        ],
      );
      assert.deepEqual(file && lint(file).findings.map(({ rule, run }) => [rule, run]), [['gan-beta1', 0]]);
      const fixed = fixAll(text, name, { unsafe: true }).text;
      assert.equal(fixed, text.replace('0.9,', '0.5,').replace('beta1_g = 0.9', 'beta1_g = 0.5'));
    });

  it('has one run where a letter means something else', () => {
    const text = 'optimizer: adam\nlr: 0.001\nd_model: 512\ng_scale: 1.0\nepochs: 3\nbatch_size: 8\n';
    assert.deepEqual(
      openConfig(text, 'train.yaml').file?.runs.map(({ label }) => label),
      [''],
    );
  });

  it('takes a zero beside another rate for a placeholder', () => {
    const text = 'optim:\n  epochs: 100\n  base_lr: 0.004\n  lr: 0.\n  name: adamw\nbatch_size: 64\n';
    const [run] = openConfig(text, 'train.yaml').file?.runs ?? [];
    assert.equal(run && valueOf(run, 'learningRate'), 0.004);
  });

  it('leaves a warm-up open that may be epochs as well as steps', () => {
    const config = (warmup: string) =>
      openConfig(
        `optimizer: adamw\nlr: 0.001\nepochs: 300\nbatch_size: 64\nwarmup: ${warmup}\n`,
        'train.yaml',
      ).file?.runs[0];
    const [open, steps, share] = ['40', '2000', '0.1'].map(config);
    assert.ok(open?.opaque.has('warmupSteps'));
    assert.equal(open && valueOf(open, 'warmupSteps'), undefined);
    assert.equal(steps && valueOf(steps, 'warmupSteps'), 2000);
    assert.equal(share && valueOf(share, 'warmupRatio'), 0.1);
  });

  it('names its model by the weights it starts from', () => {
    const text =
      'model:\n  pretrained: bert-base-uncased\ntrain:\n  optimizer: adamw\n  lr: 0.00002\n  epochs: 3\n';
    const [run] = openConfig(text, 'train.yaml').file?.runs ?? [];
    assert.equal(run && valueOf(run, 'architecture'), 'bert');
  });
});

describe('fixing a whole file', () => {
  it('mends a misspelled key before it adds what seemed to be missing', () => {
    const text = `model_name_or_path: bert-base-uncased
output_dir: out
per_device_train_batch_size: 16
num_train_epochs: 3
learning_rate: 2.0e-5
weight_decay: 0.01
warmup_ration: 0.1
`;
    assert.equal(
      fixAll(text, 'train.yaml', { unsafe: true }).text,
      text.replace('warmup_ration', 'warmup_ratio'),
    );
  });

  it('says once what is true of two runs with one key', () => {
    const text = '{"optimizer":"adam","lr_g":2e-4,"lr_d":2e-4,"beta1":0.9,"epochs":5,"batch_size":64}';
    const { file } = openConfig(text, 'gan.json');
    assert.deepEqual(file && lint(file).findings.map(({ rule }) => rule), ['gan-beta1']);
  });
});

describe('the loader of a config of no known framework', () => {
  const asText = (width: string) => {
    const { file } = openConfig(
      `model: {width: 64, head: "${width}"}\noptimizer: {name: adamw, lr: 5e-5}\nepochs: 3\nbatch_size: 16\n`,
      'train.yaml',
    );
    assert.equal(file?.dialect.id, 'generic');
    return lint(file).findings.some(({ rule }) => rule === 'float-as-string');
  };

  it('is read as OmegaConf reads it where it refers to other keys by path', () => {
    assert.equal(asText('$'.concat('{model.width}')), false);
    assert.equal(asText('$'.concat('{oc.env:WIDTH,64}')), false);
  });

  it('stays with PyYAML where a shell or a workflow fills in the value', () => {
    assert.equal(asText('$'.concat('{WIDTH}')), true);
    assert.equal(asText('$'.concat('{{ env.width }}')), true);
    assert.equal(asText('64'), true);
  });
});
