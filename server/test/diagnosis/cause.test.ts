import assert from 'node:assert/strict';
import { layToSettings, placeIn } from '../../src/diagnosis/explain.ts';
import { openConfig } from '../../src/engine/open.ts';
import { diagnose } from '../../src/symptoms/diagnose.ts';
import type { MetricSeries } from '../../src/symptoms/metric-series.ts';
import { falling, logSeries, normal } from '../symptoms/series.ts';

const base = `model_name_or_path: bert-base-uncased
per_device_train_batch_size: 16
num_train_epochs: 10
`;

/** What is laid to a config with these lines more. */
function laid(lines: string, series: MetricSeries) {
  const { file } = openConfig(base + lines, 'train.yaml');
  const [run] = file?.runs ?? [];
  assert.ok(file && run);
  const { symptoms } = diagnose(series);
  const found = layToSettings(run, series, symptoms);
  assert.ok(!('otherConfig' in found), 'otherConfig' in found ? found.otherConfig.en : '');
  for (const { cause, changes } of found) {
    assert.match(cause.why.ko, /[가-힣]/);
    for (const { title } of changes) assert.notEqual(title.ko, '');
  }
  return placeIn(file, 0, found).map(({ symptom, field, cause, fixes }) => ({
    symptom: symptom.symptom,
    field,
    why: cause.why.en,
    fixes: fixes.map(({ change }) => change.title.en),
  }));
}

const rate = (peak: number) => (x: number) => peak * (1 - x);

describe('the cause of a symptom in a log', () => {
  it('is the rate where the loss left its course at one far above the usual', () => {
    const loss = (x: number) => (x < 0.6 ? falling(x, 0) : 900 * x);
    const gradNorm = (x: number) => (x < 0.58 ? 1 : 8);
    const [first] = laid(
      'learning_rate: 3.0e-3\nmax_grad_norm: 1.0\n',
      logSeries({ loss, gradNorm, lr: rate(3e-3) }),
    );
    assert.deepEqual([first?.symptom, first?.field], ['loss-divergence', 'learningRate']);
    assert.match(first?.why ?? '', /times the usual/);
    assert.match(first?.fixes[0] ?? '', /^Learning rate at the usual/);
    assert.ok(first?.fixes.some((title) => title.startsWith('Learning rate ÷ 10')));
    assert.ok(!first?.fixes.some((title) => title.includes('×')));
  });

  it('is a rate far above the usual where the loss leapt once and stood', () => {
    const random = normal(8);
    const series = logSeries({ loss: (x) => (x < 0.03 ? 50 : 0.69 + 0.001 * random()), lr: () => 5e-3 });
    const [first] = laid('learning_rate: 5.0e-3\nlr_scheduler_type: constant\n', series);
    assert.deepEqual([first?.symptom, first?.field], ['slow-convergence', 'learningRate']);
    assert.match(first?.fixes[0] ?? '', /^Learning rate at the usual/);
    assert.ok(!first?.fixes.some((title) => title.includes('×')));
  });

  it('is a rate of zero where the log has no other', () => {
    const series = logSeries({ loss: () => 0.69, lr: () => 0 });
    const [first] = laid('learning_rate: 5.0e-5\n', series);
    assert.match(first?.why ?? '', /was 0 in every entry/);
  });

  it('is an overflow where fp16 ended a calm run', () => {
    const loss = (x: number) => (x < 0.7 ? falling(x, 0) : Number.NaN);
    const series = logSeries({ loss, gradNorm: (x) => (x < 0.7 ? 1 : Number.NaN), lr: rate(5e-5) });
    const [first] = laid('learning_rate: 5.0e-5\nfp16: true\n', series);
    assert.deepEqual([first?.symptom, first?.field], ['loss-divergence', 'precision']);
    assert.match(first?.fixes[0] ?? '', /bf16/);
    const [other] = laid('learning_rate: 5.0e-5\nbf16: true\n', series);
    assert.equal(other?.field, 'learningRate');
    assert.match(other?.why ?? '', /Look at the batch first/);
  });

  it('is the missing clipping where the norm jumps and nothing limits it', () => {
    const noise = normal(2);
    const gradNorm = (_: number, step: number) => (step === 500 ? 80 : 1 + 0.1 * Math.abs(noise()));
    const series = logSeries({ loss: falling, gradNorm, lr: rate(5e-5) });
    const [open] = laid('learning_rate: 5.0e-5\nmax_grad_norm: 0.0\n', series);
    assert.deepEqual([open?.symptom, open?.field], ['gradient-explosion', 'clipNorm']);
    assert.match(open?.fixes[0] ?? '', /^Clip the gradient norm/);
    const [clipped] = laid('learning_rate: 5.0e-5\nmax_grad_norm: 1.0\n', series);
    assert.equal(clipped?.field, 'learningRate');
    assert.match(clipped?.why ?? '', /clipped at 1/);
  });

  it('is the missing warm-up where the rate was at its peak from the first entry on', () => {
    const loss = (x: number) => (x < 0.05 ? 2.3 + 40 * x : falling(x, 0));
    const [first] = laid('learning_rate: 5.0e-5\nwarmup_steps: 0\n', logSeries({ loss, lr: rate(5e-5) }));
    assert.deepEqual([first?.symptom, first?.field], ['early-instability', 'warmupSteps']);
    assert.match(first?.why ?? '', /no warm-up/);
    assert.match(first?.fixes[0] ?? '', /^Linear warm-up/);
  });

  it('is the rate that a warm-up reached where the loss turned', () => {
    const lr = (x: number) => (x < 0.5 ? 2e-3 * x : 2e-3 * (1 - x));
    const loss = (x: number) => (x < 0.2 ? 2 - 5 * x : x < 0.6 ? 1 + 20 * (x - 0.2) : 3);
    const [first] = laid('learning_rate: 1.0e-3\nwarmup_ratio: 0.5\n', logSeries({ loss, lr }));
    assert.equal(first?.field, 'learningRate');
    assert.match(first?.why ?? '', /fell until step 200, .* reached 4e-4/);
    assert.match(first?.fixes[0] ?? '', /^Learning rate 1\.3e-4/);
  });

  it('is the constant schedule where the loss stalls', () => {
    const loss = (x: number) => 0.5 + 1.5 * Math.exp(-12 * x);
    const [first] = laid(
      'learning_rate: 5.0e-5\nlr_scheduler_type: constant\n',
      logSeries({ loss, lr: () => 5e-5 }),
    );
    assert.deepEqual([first?.symptom, first?.field], ['late-plateau', 'schedule']);
    assert.match(first?.fixes.join() ?? '', /Cosine/);
  });

  it('is a rate far below the usual where the loss does not move, and goes up', () => {
    const series = logSeries({ loss: (x) => 0.69 - 1e-4 * x, lr: rate(1e-9) });
    const [first] = laid('learning_rate: 1.0e-9\n', series);
    assert.deepEqual([first?.symptom, first?.field], ['slow-convergence', 'learningRate']);
    assert.match(first?.why ?? '', /usual here is/);
    assert.ok(first?.fixes.every((title) => !title.includes('÷')));
  });

  it('is a warm-up that is longer than the run', () => {
    const series = logSeries({ loss: (x) => 0.69 - 1e-4 * x, lr: (x) => 1e-6 * x });
    const [first] = laid('learning_rate: 5.0e-5\nwarmup_steps: 50000\n', series);
    assert.equal(first?.field, 'warmupSteps');
    assert.match(first?.why ?? '', /still rising/);
  });
});
