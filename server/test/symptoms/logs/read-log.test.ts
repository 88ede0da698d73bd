import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { diagnose } from '../../../src/symptoms/diagnose.ts';
import { crc32c } from '../../../src/symptoms/logs/crc32c.ts';
import { type ReadLog, readLog } from '../../../src/symptoms/logs/read-log.ts';
import { numberOf } from '../../../src/symptoms/logs/rows.ts';
import { curve } from '../../../src/symptoms/metric-series.ts';

const folder = new URL('../../../../test-fixtures/logs/', import.meta.url);
const bytes = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));
const encode = (text: string) => new TextEncoder().encode(text);

function read(source: Uint8Array): ReadLog {
  const log = readLog(source);
  assert.ok('series' in log, 'problem' in log ? log.problem.en : '');
  return log;
}

function problem(source: Uint8Array): string {
  const log = readLog(source);
  assert.ok('problem' in log);
  assert.notEqual(log.problem.ko, '');
  return log.problem.en;
}

/** Each fixture: what is read from it and what must be found in it. */
const expectations: [name: string, format: string, points: Record<string, number>, symptoms: string[]][] = [
  ['trainer_state-healthy.json', 'json', { loss: 60, valLoss: 6, gradNorm: 60, lr: 60 }, []],
  ['trainer_state-nan.json', 'json', { loss: 60, gradNorm: 60 }, ['loss-divergence']],
  ['trainer_state-spikes.json', 'json', { loss: 60, gradNorm: 60 }, ['gradient-explosion']],
  ['trainer_state-overfit.json', 'json', { loss: 60, valLoss: 6 }, ['overfitting']],
  ['lightning-metrics.csv', 'csv', { loss: 96, valLoss: 12, lr: 96 }, ['early-instability']],
  ['ultralytics-results.csv', 'csv', { loss: 100, valLoss: 100, lr: 100 }, []],
  ['ultralytics-results-overfit.csv', 'csv', { loss: 80, valLoss: 80, lr: 80 }, ['overfitting']],
  ['wandb-history.jsonl', 'json-lines', { loss: 150, gradNorm: 150, lr: 150 }, ['oscillation']],
  ['wandb-export.csv', 'csv', { loss: 100, lr: 100 }, ['late-plateau']],
  ['keras-history.csv', 'csv', { loss: 40, valLoss: 40 }, ['slow-convergence']],
  ['tensorboard-scalars.tfevents', 'tensorboard', { loss: 120, gradNorm: 120, lr: 120, valLoss: 6 }, []],
  ['tensorboard-tensors.tfevents', 'tensorboard', { loss: 60 }, ['loss-divergence']],
];

/** Real trainings of tiny models (see the README there): what must be found in each, and nothing else. */
const real: Readonly<Record<string, string[]>> = {
  'cnn-healthy.csv': [],
  'denoiser-healthy.csv': [],
  'fine-tuning-noisy-healthy.csv': [],
  'keras-healthy.csv': [],
  'lstm-noisy-validation-healthy.csv': [],
  'trainer-healthy.json': [],
  'fine-tuning-momentum.csv': ['early-instability'],
  'gpt-momentum-nan.csv': ['loss-divergence', 'gradient-explosion'],
  'keras-few-samples.csv': ['overfitting'],
  'keras-nan.csv': ['loss-divergence'],
  'lstm-few-samples.csv': ['overfitting'],
  'lstm-momentum.csv': ['gradient-explosion', 'loss-divergence'],
  'regression-rate-too-high.csv': ['loss-divergence'],
  'trainer-few-samples.json': ['overfitting'],
  'trainer-rate-too-high.json': ['early-instability', 'gradient-explosion'],
  'trainer-rate-too-low.json': ['slow-convergence'],
};

describe('logs', () => {
  for (const [name, symptoms] of Object.entries(real))
    it(`finds ${symptoms.join(', ') || 'nothing'} in the real ${name}`, () => {
      const { series } = read(bytes(`real/${name}`));
      assert.deepEqual(
        diagnose(series).symptoms.map(({ symptom }) => symptom),
        symptoms,
      );
    });

  for (const [name, format, points, symptoms] of expectations)
    it(`reads ${name} and finds ${symptoms.join(', ') || 'nothing'}`, () => {
      const log = read(bytes(name));
      assert.equal(log.format, format);
      for (const [metric, count] of Object.entries(points))
        assert.equal(curve(log.series, metric as 'loss').values.length, count, metric);
      assert.deepEqual(
        diagnose(log.series).symptoms.map(({ symptom }) => symptom),
        symptoms,
      );
    });

  it('adds up the parts of a detector loss and counts in epochs', () => {
    const { series } = read(encode('epoch,train/box_loss,train/cls_loss,val/box_loss\n1,1.5,2,3\n2,1,1,2\n'));
    assert.deepEqual(curve(series, 'loss'), { steps: [1, 2], values: [3.5, 2] });
    assert.equal(series.unit, 'epoch');
  });

  it('reads the exact values of a sparse Lightning file', () => {
    const { series } = read(encode('epoch,step,train_loss_step,val_loss\n0,9,2.5,\n0,19,2.25,\n0,19,,2.5\n'));
    assert.deepEqual(curve(series, 'loss'), { steps: [9, 19], values: [2.5, 2.25] });
    assert.deepEqual(curve(series, 'valLoss'), { steps: [19], values: [2.5] });
  });

  it('reads the NaN that Python writes bare into JSON, and leaves strings alone', () => {
    const { series } = read(
      encode(
        '{"note": "NaN, Infinity", "log_history": [{"step": 1, "loss": NaN}, {"step": 2, "loss": -Infinity}]}',
      ),
    );
    assert.deepEqual(curve(series, 'loss').values, [Number.NaN, Number.NEGATIVE_INFINITY]);
  });

  it('takes planned steps from the log, so that a run cut short is not slow', () => {
    const log = read(encode('{"max_steps": 500, "log_history": [{"step": 1, "loss": 1}]}'));
    assert.equal(log.series.plannedSteps, 500);
  });

  it('drops a JSON line that was cut off, refuses more of them', () => {
    const log = read(encode('{"step":1,"loss":2}\n{"step":2,"loss":1}\n{"step":3,"lo'));
    assert.equal(curve(log.series, 'loss').values.length, 2);
    assert.match(problem(encode('{"step":1,"loss":2}\n{"st\n{"st\n{"step":3,"loss":1}')), /damaged/);
  });

  it('drops a TensorBoard record that was cut off, refuses a changed byte', () => {
    const whole = bytes('tensorboard-scalars.tfevents');
    assert.equal(curve(read(whole.subarray(0, whole.length - 3)).series, 'lr').values.length >= 119, true);
    const changed = Uint8Array.from(whole);
    changed[whole.length - 10] = (changed[whole.length - 10] ?? 0) ^ 1;
    assert.match(problem(changed), /wrong checksum/);
  });

  it('reads and judges a log of 150,000 steps', () => {
    const lines = Array.from(
      { length: 150_000 },
      (_, i) => `${i},${2 - i / 150_000},${1 + (i % 7) / 10},${1e-3 * (1 - i / 150_000)}`,
    );
    const { series } = read(encode(`step,train_loss,grad_norm,lr\n${lines.join('\n')}`));
    assert.deepEqual(diagnose(series).symptoms, []);
  }).timeout(60_000);

  it('reads the lists that a Keras history is saved as', () => {
    const { series } = read(encode('{\n "loss": [2, 1.5, NaN],\n "val_loss": [2.1, 1.6, 1.5]\n}'));
    assert.deepEqual(curve(series, 'loss'), { steps: [1, 2, 3], values: [2, 1.5, Number.NaN] });
    assert.equal(series.unit, 'epoch');
  });

  it('takes a squared error for the loss where nothing is called one', () => {
    const { series } = read(encode('epoch,train_mse,val_mse\n1,2,3\n2,1,2\n'));
    assert.deepEqual(curve(series, 'valLoss').values, [3, 2]);
  });

  it('lets a counter run on that begins anew with every epoch', () => {
    const { series } = read(encode('epoch,batch,loss\n0,0,4\n0,1,3\n1,0,2\n1,1,1\n'));
    assert.deepEqual(curve(series, 'loss'), { steps: [0, 1, 2, 3], values: [4, 3, 2, 1] });
  });

  it('counts rows where many share an epoch and no step is logged', () => {
    const { series } = read(encode('epoch;train loss\n1;4\n1;3\n1;2\n2;1\n'));
    assert.deepEqual(curve(series, 'loss'), { steps: [1, 2, 3, 4], values: [4, 3, 2, 1] });
    assert.equal(series.unit, 'step');
  });

  it('takes the weights’ rate of Ultralytics, not the biases’, and no validation that was left out', () => {
    const { series } = read(
      encode(
        'epoch,train/box_loss,train/cls_loss,val/box_loss,val/cls_loss,lr/pg0,lr/pg1\n1,1,2,0,0,0.07,0.003\n2,1,1,1,2,0.04,0.006\n',
      ),
    );
    assert.deepEqual(curve(series, 'lr').values, [0.003, 0.006]);
    assert.deepEqual(curve(series, 'valLoss'), { steps: [2], values: [3] });
  });

  it('prefers the loss of the steps to a name that is seldom filled', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `iter ${i * 10}: loss ${4 - i / 10}, time 9.1ms`);
    const log = read(encode(['step 0: train loss 4.1, val loss 4.2', ...lines].join('\n')));
    assert.equal(log.format, 'console');
    assert.equal(curve(log.series, 'loss').values.length, 20);
    assert.deepEqual(curve(log.series, 'valLoss').values, [4.2]);
  });

  for (const [who, line] of [
    [
      'the Hugging Face Trainer',
      (i: number) => `{'loss': '${2 - i / 10}', 'grad_norm': ${i}.5, 'epoch': ${i / 8}}`,
    ],
    [
      'torchtune',
      (i: number) => `Step ${i} | loss:${2 - i / 10} lr:2e-05 grad_norm:${i}.5 tokens_per_second:81`,
    ],
    [
      'Megatron',
      (i: number) =>
        ` iteration ${i}/ 500 | learning rate: 1.5E-04 | lm loss: ${2 - i / 10} | grad norm: ${i}.5 |`,
    ],
    [
      'MMEngine',
      (i: number) =>
        `06/05 20:10:09 - INFO - Epoch(train) [1][${i}/99]  lr: 2e-3  grad_norm: ${i}.5  loss: ${2 - i / 10}`,
    ],
    [
      'fairseq',
      (i: number) =>
        `INFO | train_inner | {"epoch": 1, "loss": "${2 - i / 10}", "num_updates": "${i}", "gnorm": "${i}.5"}`,
    ],
  ] as const)
    it(`reads what ${who} prints`, () => {
      const { series, format } = read(encode(Array.from({ length: 10 }, (_, i) => line(i + 1)).join('\n')));
      assert.equal(format, 'console');
      assert.equal(curve(series, 'loss').values[9], 1);
      assert.equal(curve(series, 'gradNorm').values[9], 10.5);
    });

  it('does not judge the loss of a policy or of two networks against each other', () => {
    const rising = (name: string) => {
      const rows = Array.from({ length: 40 }, (_, i) => `${i},${0.001 * (i + 1)},${i}`);
      return read(encode(`step,${name}\n${rows.join('\n')}`)).series;
    };
    assert.deepEqual(diagnose(rising('loss,reward')).symptoms, []);
    assert.deepEqual(diagnose(rising('loss,Disc Loss')).symptoms.length, 1);
    assert.equal(
      read(encode('epoch,batch,loss,Gen Loss,Disc Loss\n0,0,1,1,1\n0,1,1,1,1\n')).series.lossFalls,
      false,
    );
  });

  it('says in a sentence what it cannot read', () => {
    assert.match(problem(encode('just words')), /none of the logs/);
    assert.match(problem(Uint8Array.of(0, 1, 2, 0, 255)), /none of the logs/);
    assert.match(problem(encode('a,b\n1,2\n')), /neither a loss nor a gradient norm/);
    assert.match(problem(encode('{"a": 1}')), /neither a loss/);
    assert.match(problem(encode('{"log_history": [')), /damaged/);
  });

  it('reads every spelling of a number that logs use', () => {
    assert.equal(numberOf(' 1e-3 '), 1e-3);
    assert.ok(Number.isNaN(numberOf('nan')));
    assert.equal(numberOf('-inf'), Number.NEGATIVE_INFINITY);
    assert.equal(numberOf('Infinity'), Number.POSITIVE_INFINITY);
    for (const nothing of ['', ' ', 'None', 'abc', null, undefined, {}])
      assert.equal(numberOf(nothing), undefined);
  });

  it('computes CRC-32C as RFC 3720 gives it', () => {
    assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
    assert.equal(crc32c(encode('123456789')), 0xe3069283);
  });

  it('reads half numbers written with a comma', () => {
    const rows = Array.from({ length: 12 }, (_, i) => `${i};${`${2 - 0.1 * i}`.replace('.', ',')};1,5e-05`);
    const { series } = read(encode(`step;train_loss;lr\n${rows.join('\n')}`));
    assert.equal(curve(series, 'loss').values[5], 1.5);
    assert.equal(curve(series, 'lr').values[5], 1.5e-5);
  });

  it("reads YOLOv5's results.txt and the boxes of Stable-Baselines3", () => {
    const yolo = Array.from(
      { length: 10 },
      (_, i) => `  ${i}/9  1.2G 0.04 0.02 0.01 ${0.1 - 0.005 * i} 12 640 0.5 0.5 0.5 0.3 0.03 0.02 0.01`,
    );
    const { series } = read(encode(yolo.join('\n')));
    assert.equal(series.unit, 'epoch');
    assert.ok(Math.abs((curve(series, 'loss').values[2] ?? 0) - 0.09) < 1e-9);
    assert.ok(Math.abs((curve(series, 'valLoss').values[2] ?? 0) - 0.06) < 1e-9);
    const box = (i: number) =>
      `---\n| rollout/        |     |\n|    ep_rew_mean  | ${i}  |\n| time/ | |\n|    total_timesteps | ${i * 2048} |\n| train/ | |\n|    loss | 0.${i + 1} |\n---`;
    const policy = read(encode(Array.from({ length: 9 }, (_, i) => box(i)).join('\n'))).series;
    assert.equal(policy.lossFalls, false);
    assert.deepEqual(curve(policy, 'return').steps.slice(0, 3), [0, 2048, 4096]);
  });

  it('takes the name at the end of the words before a number', () => {
    const lines = Array.from(
      { length: 9 },
      (_, i) => `2026-01-01 10:00:0${i},123 INFO Train loss: ${1 - 0.1 * i}`,
    );
    assert.equal(curve(read(encode(lines.join('\n'))).series, 'loss').values.length, 9);
  });

  it('takes the last of several runs in one file, and joins what a resumed run wrote', () => {
    const run = (steps: number[], loss: number) => steps.map((step) => `${step},${loss}`).join('\n');
    const upTo = (n: number, from = 1) => Array.from({ length: n - from + 1 }, (_, i) => from + i);
    const again = read(encode(`step,loss\n${run(upTo(20), 2)}\n${run(upTo(12), 3)}`)).series;
    assert.deepEqual(new Set(curve(again, 'loss').values), new Set([3]));
    const resumed = read(encode(`step,loss\n${run(upTo(20), 2)}\n${run(upTo(30, 15), 3)}`)).series;
    assert.equal(curve(resumed, 'loss').values.length, 30);
    assert.equal(curve(resumed, 'loss').values[0], 2);
  });

  it('reads two networks against each other, and sees that one is not a number', () => {
    const rows = Array.from({ length: 20 }, (_, i) => `${i},${i > 9 ? 'nan' : 1},0.7`);
    const { series } = read(encode(`step,train_gen_loss,train_disc_loss\n${rows.join('\n')}`));
    assert.equal(series.lossFalls, false);
    assert.deepEqual(
      diagnose(series).symptoms.map(({ symptom, step }) => [symptom, step]),
      [['loss-divergence', 10]],
    );
  });

  it('says what is wrong with a file that is no log', () => {
    assert.match(problem(new Uint8Array()), /empty/);
    assert.match(problem(encode(':W&B\u0001\u0002')), /binary store of Weights & Biases/);
    assert.match(problem(encode('[01/02 10:00:00] d2.utils INFO: nothing\n')), /none of the logs/);
    assert.match(problem(encode('[{"loss": 1,\n')), /damaged/);
  });

  it('drops a line that a killed run left half-written, and reads what PowerShell wrote', () => {
    const lines = Array.from({ length: 40 }, (_, i) =>
      i === 20 ? '{"step": 20, "lo' : `{"step": ${i}, "loss": ${3 - 0.05 * i}}`,
    );
    assert.equal(curve(read(encode(lines.join('\n'))).series, 'loss').values.length, 39);
    assert.match(
      problem(encode(lines.map((line, i) => (i % 4 === 2 ? line.slice(0, 9) : line)).join('\n'))),
      /damaged/,
    );
    const csv = `\ufeffstep,loss\n${Array.from({ length: 10 }, (_, i) => `${i},${3 - 0.1 * i}`).join('\n')}`;
    assert.equal(curve(read(new Uint8Array(Buffer.from(csv, 'utf16le'))).series, 'loss').values.length, 10);
  });
});
