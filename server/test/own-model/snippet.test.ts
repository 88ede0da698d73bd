import assert from 'node:assert/strict';
import { openConfig } from '../../src/engine/open.ts';
import { ownModelSnippet } from '../../src/own-model/snippet.ts';
import type { Language } from '../../src/text.ts';

/** The script for the first run of a config. */
function snippet(text: string, fileName = 'train.yaml', language: Language = 'en'): string {
  const { file } = openConfig(text, fileName);
  const run = file?.runs[0];
  if (!file || !run) throw new Error('no training config');
  const source = { fileName, dialect: file.dialect.id, framework: file.dialect.name };
  return ownModelSnippet(source, run, language).text;
}

const trainer = `output_dir: out
per_device_train_batch_size: 8
gradient_accumulation_steps: 4
learning_rate: 2.0e-5
weight_decay: 0.01
num_train_epochs: 3
`;
const configs: Readonly<Record<string, string>> = {
  bert: `model_name_or_path: bert-base-uncased\n${trainer}`,
  llama: `model_name_or_path: meta-llama/Llama-3.2-1B\n${trainer}use_peft: true\nload_in_4bit: true\npacking: true\n`,
  t5: `model_name_or_path: google-t5/t5-base\noptim: adafactor\n${trainer}`,
  vit: `model_name_or_path: google/vit-base-patch16-224\n${trainer}`,
  dpo: `model_name_or_path: meta-llama/Llama-3.2-1B\nbeta: 0.1\nmax_prompt_length: 512\n${trainer}`,
  lightning: `trainer:
  max_epochs: 10
  accumulate_grad_batches: 2
  gradient_clip_val: 0.5
  precision: 16-mixed
model:
  class_path: my.Model
data:
  class_path: my.Data
  init_args: {batch_size: 16}
optimizer:
  class_path: torch.optim.SGD
  init_args: {lr: 0.1, momentum: 0.9, nesterov: true}
`,
  timm: 'model: resnet50\nopt: lamb\nsched: cosine\nlr: 0.005\nbatch_size: 256\nwarmup_epochs: 5\naa: rand-m9\n',
  yolo: 'task: detect\nmode: train\nmodel: yolo11n.pt\ndata: coco8.yaml\nepochs: 100\nbatch: 16\nlr0: 0.01\nlrf: 0.01\noptimizer: AdamW\n',
  plain: 'model: lstm\noptimizer: adam\nlr: 0.001\nepochs: 50\nbatch_size: 32\n',
};

describe('the script for the user’s own model', () => {
  for (const [name, text] of Object.entries(configs))
    it(`is short, complete and says where to edit: ${name}`, () => {
      for (const language of ['en', 'ko'] as const) {
        const script = snippet(text, 'train.yaml', language);
        const lines = script.split('\n').filter((line) => line.trim() !== '');
        // A step that PyTorch has no class for is written out on top.
        const own = (
          /\n(?:def (?:trust|adafactor)[\s\S]*?)?class FirstStep[\s\S]*?\n\n\n/.exec(script)?.[0] ?? ''
        ).split('\n').length;
        assert.ok(lines.length - own <= 200, `${lines.length} lines`);
        for (const name of [
          'def build():',
          'def make_optimizer(params, lr):',
          'def measure(model, batches, loss):',
        ])
          assert.equal(script.split(name).length, 2, name);
        assert.match(script, /\n {4}return [^\n]*\n\n\n(?:class|def) /, 'build() ends in a return');
        assert.match(script, /measure\(\*build\(\)\)\n$/);
        assert.ok(!/undefined|\[object|\$\{|NaN/.test(script), 'nothing left unfilled');
        assert.ok(!/\t/.test(script) && !/ +$/m.test(script), 'no tabs, no blanks at line ends');
        if (language === 'ko') assert.match(script, /[가-힣]/);
        else assert.ok(!/[가-힣]/.test(script), 'English only');
      }
    });

  it('takes the optimizer, its numbers, clipping and batch from the config', () => {
    const script = snippet(configs.lightning ?? '');
    assert.match(
      script,
      /^ {4}return torch\.optim\.SGD\(params, lr=lr, momentum=0\.9, nesterov=True, weight_decay=0\)$/m,
    );
    assert.match(script, /^LR = 0\.1 /m);
    assert.match(script, /^CLIP, CLIP_VALUE, PRECISION = 0\.5, None, "fp16-mixed"$/m);
    assert.match(script, /^BATCH, ACCUMULATION = 16, 2$/m);
  });

  it('writes rates as people do', () => {
    assert.match(snippet(configs.bert ?? ''), /^LR = 2e-5 /m);
    assert.match(snippet(configs.plain ?? ''), /^LR = 0\.001 /m);
  });

  it('builds the model the way the framework does', () => {
    const has = (name: string, pattern: RegExp) => assert.match(snippet(configs[name] ?? ''), pattern, name);
    has('bert', /AutoModelForSequenceClassification\.from_pretrained\(name\)/);
    has('bert', /^ {4}name = "bert-base-uncased"$/m);
    has('t5', /AutoModelForSeq2SeqLM/);
    has('t5', /^def adafactor\(g\):/m);
    has('vit', /AutoImageProcessor/);
    has('llama', /AutoModelForCausalLM\.from_pretrained\(name, quantization_config=/);
    has('llama', /peft\.get_peft_model/);
    has('dpo', /trainer\.get_train_dataloader\(\)/);
    has('lightning', /LightningCLI\(run=False, args=\["--config", "train\.yaml"\]/);
    has('timm', /timm\.create_model\("resnet50"/);
    has('yolo', /from ultralytics import YOLO/);
    has('plain', /raise NotImplementedError/);
  });

  it('writes a first step where PyTorch has no such optimizer, and asks where it cannot', () => {
    const step = (optimizer: string) =>
      snippet(`model: lstm\noptimizer: ${optimizer}\nlr: 0.001\nepochs: 50\nbatch_size: 32\n`);
    assert.match(step('lion'), /torch\.sign\(g\) \+ group\["weight_decay"\] \* p\.data/);
    assert.match(snippet(configs.timm ?? ''), /def trust\(w, u\):/);
    assert.match(step('kfac'), /EDIT: PyTorch has no such optimizer/);
  });

  it('holds no text of the config that could run as code', () => {
    const evil = 'x"""\nimport os\nos.system("true")\n"""';
    const script = snippet(`model_name_or_path: ${JSON.stringify(`bert${evil}`)}\n${trainer}`);
    assert.ok(!/^import os$/m.test(script));
    const file = openConfig(configs.plain ?? '', 'train.yaml').file;
    const run = file?.runs[0];
    assert.ok(file && run);
    const source = { fileName: `a"""\n${evil}.yaml`, dialect: 'generic', framework: 'x' };
    assert.ok(!/^import os$/m.test(ownModelSnippet(source, run, 'en').text));
  });
});
