import assert from 'node:assert/strict';
import { recognise } from '../../src/dialects/registry.ts';
import { formatOf, parseConfig } from '../../src/document/parse.ts';
import { expected } from './expected.ts';
import { fixtureText, openText } from './open.ts';

function dialectOf(text: string, fileName: string): string | undefined {
  const format = formatOf(fileName);
  assert.ok(format, fileName);
  return recognise(parseConfig(text, format), fileName)?.dialect.id;
}

/** Files of other tools, some with words of training in them. */
const others: Readonly<Record<string, string>> = {
  '.github/workflows/train.yml':
    'on: push\njobs:\n  train:\n    runs-on: ubuntu-latest\n    env:\n      learning_rate: 0.1\n',
  'package.json': '{"name": "x", "scripts": {"train": "python train.py --lr 0.1"}, "version": "1.0.0"}',
  'tsconfig.json': '{"compilerOptions": {"strict": true}, "include": ["src"]}',
  'pyproject.toml': '[build-system]\nrequires = ["hatchling"]\n\n[tool.ruff]\nline-length = 100\n',
  'Cargo.toml': '[package]\nname = "x"\nversion = "0.1.0"\n',
  'docker-compose.yml': 'services:\n  trainer:\n    image: trainer\n    environment:\n      batch_size: 8\n',
  'deploy.yaml':
    'apiVersion: batch/v1\nkind: Job\nspec:\n  learning_rate: 0.1\n  optimizer: adam\n  batch_size: 8\n',
  'Chart.yaml': 'apiVersion: v2\nname: x\nversion: 0.1.0\n',
  'mkdocs.yml': 'site_name: x\nnav:\n  - Home: index.md\n',
  'environment.yml': 'name: x\nchannels: [conda-forge]\ndependencies: [pytorch]\n',
  'config.json':
    '{"architectures": ["BertForMaskedLM"], "model_type": "bert", "hidden_size": 768, "vocab_size": 30522, "layer_norm_eps": 1e-12}',
  'generation_config.json': '{"temperature": 0.6, "top_p": 0.9, "max_length": 4096, "num_beams": 1}',
  'tokenizer_config.json': '{"model_max_length": 512, "do_lower_case": true}',
  'adapter_config.json': '{"peft_type": "LORA", "base_model_name_or_path": "x", "r": 8, "lora_alpha": 16}',
  'trainer_state.json':
    '{"global_step": 500, "max_steps": 500, "num_train_epochs": 3, "logging_steps": 10, "log_history": [{"learning_rate": 5e-5, "loss": 0.3}]}',
  'all_results.json':
    '{"epoch": 3.0, "train_loss": 0.31, "train_runtime": 120.5, "train_samples_per_second": 88.1}',
  'model_index.json':
    '{"_class_name": "StableDiffusionPipeline", "scheduler": ["diffusers", "PNDMScheduler"]}',
  'scheduler_config.json':
    '{"_class_name": "DDIMScheduler", "beta_start": 0.00085, "beta_end": 0.012, "num_train_timesteps": 1000}',
  'data.yaml': 'path: ../datasets/parts\ntrain: images/train\nval: images/val\nnc: 2\nnames: [bolt, nut]\n',
  'dataset.yaml': 'dataset:\n  name: parts\n  batch_size: 4\n  num_workers: 2\n  shuffle: true\n',
  'eval.yaml':
    'task: detect\nmode: val\nmodel: yolo11n.pt\ndata: parts.yaml\nimgsz: 640\nbatch: 16\nlr0: 0.01\nlrf: 0.01\n',
  'evaluate.yaml':
    'run:\n  evaluate: true\n  init_lr: 1e-5\n  max_epoch: 5\n  batch_size_train: 16\n  lr_sched: cosine\n',
  'generate.yaml': 'model: my-org/chat\nmax_new_tokens: 128\ntemperature: 0.7\nbatch_size: 8\n',
  'serve.yaml':
    'model: my-org/chat\ntensor_parallel_size: 2\nmax_num_seqs: 256\ngpu_memory_utilization: 0.9\ndtype: bfloat16\n',
  'merge.yml':
    'merge_method: slerp\nbase_model: a\nslices:\n  - sources: [{model: a, layer_range: [0, 8]}]\ndtype: bfloat16\n',
  'sweep.yaml':
    'program: train.py\nmethod: bayes\nmetric: {name: loss, goal: minimize}\nparameters:\n  learning_rate: {min: 0.0001, max: 0.1}\n  batch_size: {values: [16, 32]}\n  epochs: {value: 3}\n  optimizer: {values: [adam, sgd]}\n',
  'experiment.yaml': 'name: plot\nseed: 1\ncolors: [red, blue]\nsteps: 10\n',
  'renovate.json': '{"$schema": "https://example.org/schema.json", "extends": ["config:base"]}',
  'schema.json':
    '{"$schema": "x", "properties": {"learning_rate": {"type": "number"}, "optimizer": {"type": "string"}}}',
  'openapi.yaml': 'openapi: 3.0.0\npaths: {}\ninfo: {title: x, version: "1"}\n',
  'logging.yaml': 'version: 1\nhandlers: {console: {class: logging.StreamHandler}}\n',
  'game.toml': '[physics]\nmomentum = 0.9\nsteps = 4\n\n[player]\nlr = "left-right"\n',
  'ds_inference.json':
    '{"dtype": "fp16", "replace_with_kernel_inject": true, "tensor_parallel": {"tp_size": 4}, "zero_optimization": {"stage": 3}, "train_batch_size": 1}',
  'metrics.json':
    '{"epoch": 90, "lr": 0.1, "loss": 0.3, "top1": 76.1, "batch_size": 256, "optimizer": "sgd"}',
  'run.json':
    '{"run_id": "a", "params": {"lr": "0.1", "epochs": "10", "batch_size": "32", "optimizer": "adam"}, "metrics": {"loss": 0.1}}',
  'values-prod.yaml':
    'replicaCount: 2\nimage: {repository: trainer}\nconfig: {learningRate: "0.001", batchSize: 64, epochs: 10}\n',
  'training-job.json':
    '{"AlgorithmSpecification": {"TrainingImage": "x"}, "HyperParameters": {"epochs": "10", "learning_rate": "0.1", "batch_size": "32", "optimizer": "adam"}}',
  'empty.yaml': '',
  'list.json': '[1, 2, 3]',
  'text.yaml': 'just a sentence about optimizer: and lr\n',
};

/** Hand-written configs whose blocks look like a framework's, whose defaults would then be said of them. */
const handWritten: Readonly<Record<string, string>> = {
  'pretrain.yaml':
    'model: {name: llama}\ntrain: {optimizer: adamw, lr: 0.0003, min_lr: 0.00003, grad_clip: 1.0, warmup_steps: 2000, max_steps: 500000, global_batch_size: 1024, micro_batch_size: 4}\n',
  'speech.yaml':
    'model: {name: fastspeech2}\ndata: {sampling_rate: 22050, hop_length: 256}\ntrain: {learning_rate: 0.001, lr_decay: 0.99, epochs: 100, batch_size: 16, optimizer: adam}\n',
  'lstm.yaml':
    'model: lstm\noptim: adam\nlr: 0.001\ngrad_clip: 5.0\naccum_grad: 1\nmax_epoch: 30\nbatch_size: 32\n',
  'image.yaml':
    'architecture: resnet50\nweights: imagenet\nepoch: 10\nlr: 0.1\nbatch_size: 64\noptimizer: sgd\n',
  'image.toml':
    'epochs = 10\nbatch_size = 32\n\n[dataset]\npath = "x"\n\n[model]\ntype = "resnet50"\n\n[optimizer]\ntype = "adamw"\nlr = 1e-3\n',
  'upper.yaml':
    'MODEL: {NAME: resnet50}\nTRAIN: {EPOCHS: 90, BASE_LR: 0.1, WEIGHT_DECAY: 0.0001, BATCH_SIZE: 256}\n',
};

describe('recognition', () => {
  for (const [fileName, text] of Object.entries(others))
    it(`says nothing about ${fileName}`, () => assert.equal(dialectOf(text, fileName), undefined));

  for (const [fileName, text] of Object.entries(handWritten))
    it(`takes the hand-written ${fileName} for no framework's`, () =>
      assert.equal(dialectOf(text, fileName), 'generic'));

  it('gives its reasons in both languages and is surer than a coin', () => {
    for (const name of Object.keys(expected)) {
      const format = formatOf(name);
      const found = format && recognise(parseConfig(fixtureText(name), format), name);
      assert.ok(found, name);
      assert.ok(found.recognition.confidence > 0.5 && found.recognition.confidence <= 1, name);
      for (const { en, ko } of found.recognition.reasons) assert.ok(en && ko && en !== ko, name);
    }
  });

  it('finds TrainingArguments in a block of their own', () => {
    const text =
      'seed: 1\ntraining_args:\n  per_device_train_batch_size: 8\n  num_train_epochs: 3\n  learning_rate: 2e-5\n';
    const file = openText(text, 'run.yaml');
    assert.equal(file?.dialect.id, 'hf-trainer');
    // Which script unpacks the block, and whether it converts numbers, nobody knows.
    assert.equal(file.loader.stringForNumber, 'unverified');
    assert.equal(file.runs[0]?.settings.learningRate?.value, 2e-5);
  });

  it('takes the first document of several that is a training config', () => {
    const text =
      'title: notes\n---\nper_device_train_batch_size: 8\nnum_train_epochs: 3\nlearning_rate: 2e-5\n';
    assert.equal(dialectOf(text, 'run.yaml'), 'hf-trainer');
  });

  it('takes a trainlint comment at its word', () => {
    assert.equal(dialectOf('# trainlint: domain=nlp\nrate: 0.1\n', 'x.yaml'), 'generic');
    assert.equal(dialectOf('{"$trainlint": {"domain": "nlp"}, "rate": 0.1}', 'x.json'), 'generic');
  });

  it('tells frameworks with the same words apart', () => {
    const deepspeed =
      '{"train_micro_batch_size_per_gpu": 4, "gradient_accumulation_steps": 2, "optimizer": {"type": "Adam", "params": {"lr": 1e-4}}}';
    assert.equal(dialectOf(deepspeed, 'a.json'), 'deepspeed');
    const neox =
      'num_layers: 6\nhidden_size: 512\npipe_parallel_size: 1\ntrain_micro_batch_size_per_gpu: 4\ntrain_iters: 10\nzero_optimization: {stage: 1}\n';
    assert.equal(dialectOf(neox, 'a.yml'), 'gpt-neox');
  });
});
