import assert from 'node:assert/strict';
import type { FieldId } from '../../src/run/fields.ts';
import { openText } from './open.ts';

function read(text: string, field: FieldId, name = 'config.yaml'): unknown {
  return openText(text, name)?.runs[0]?.settings[field]?.value;
}

const trainer = `output_dir: out
per_device_train_batch_size: 32
num_train_epochs: 3
learning_rate: 1.0e-4
`;
const megatron = (flags: string) => `MODEL_ARGS:
  --num-layers: 12
  --hidden-size: 768
  --micro-batch-size: 4
  --global-batch-size: 256
  --lr: 0.0001
  --train-iters: 1000000
${flags}`;

describe('masked language modelling', () => {
  const said: Record<string, string> = {
    'transformers, from random weights': `${trainer}mlm_probability: 0.15\n`,
    'transformers, a switch in a block': `${trainer}data:\n  mlm: true\n`,
    fairseq: `task:
  _name: masked_lm
criterion:
  _name: masked_lm
optimization:
  lr: [0.0005]
  max_update: 125000
optimizer:
  _name: adam
lr_scheduler:
  _name: polynomial_decay
model:
  _name: roberta
  dropout: 0.1
`,
    'Megatron-LM': megatron('  --bert-no-binary-head: true\n'),
    NeMo: `trainer:
  max_steps: 100000
exp_manager: {}
model:
  micro_batch_size: 4
  bert_binary_head: true
  hidden_dropout: 0.1
  optim:
    name: fused_adam
    lr: 2.0e-4
`,
    'a hand-written file': `optimizer:
  name: adamw
  lr: 1.0e-4
data:
  batch_size: 64
  mlm_probability: 0.15
epochs: 10
`,
  };
  for (const [name, text] of Object.entries(said))
    it(`is read in ${name}`, () => {
      assert.equal(read(text, 'objective'), 'masked-lm');
      assert.equal(read(text, 'architecture'), 'bert');
      assert.equal(read(text, 'domain'), 'nlp');
    });

  it('starts from random weights unless the file names a checkpoint', () => {
    assert.equal(read(`${trainer}mlm_probability: 0.15\n`, 'fromScratch'), true);
    const further = `${trainer}mlm_probability: 0.15\nmodel_name_or_path: roberta-base\n`;
    assert.equal(read(further, 'objective'), 'masked-lm');
    assert.equal(read(further, 'fromScratch'), false);
  });

  it('is not read where masking is off or not spoken of', () => {
    assert.notEqual(read(`${trainer}mlm: false\n`, 'objective'), 'masked-lm');
    assert.notEqual(read(megatron(''), 'objective'), 'masked-lm');
    assert.equal(read(megatron(''), 'domain'), 'llm');
  });
});

describe('dropout', () => {
  it('is the model’s and not an adapter’s or a layer’s', () => {
    assert.equal(read(`${trainer}hidden_dropout_prob: 0.1\n`, 'dropout'), 0.1);
    assert.equal(read(`${trainer}lora_dropout: 0.05\n`, 'dropout'), undefined);
    const image = 'opt: adamw\nsched: cosine\ndrop_path: 0.1\nlr: 0.001\n';
    assert.equal(read(image, 'dropout'), 0);
    assert.equal(read(`${image}drop: 0.2\n`, 'dropout'), 0.2);
  });
});
