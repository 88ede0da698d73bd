import assert from 'node:assert/strict';
import type { FieldTypes } from '../../src/run/fields.ts';
import type { TrainingRun } from '../../src/run/training-run.ts';
import { type PlanOptions, planRun } from '../../src/training/plan.ts';
import { otherPlayer } from '../../src/training/players.ts';
import { usualRate } from '../../src/training/reference-rate.ts';
import type { RunPlan } from '../../src/training/types.ts';
import { fakeProxies, runOf } from './runs.ts';

const gpt: Partial<FieldTypes> = {
  architecture: 'gpt',
  domain: 'llm',
  objective: 'pretraining',
  optimizer: 'adamw',
  learningRate: 6e-4,
  schedule: 'cosine',
  warmupRatio: 0.1,
  clipNorm: 1,
};
const resnet: Partial<FieldTypes> = {
  architecture: 'resnet',
  domain: 'cv-cnn',
  fromScratch: true,
  optimizer: 'sgd-momentum',
  momentum: 0.9,
  learningRate: 0.1,
  globalBatch: 256,
  worldSize: 1,
  schedule: 'constant',
};

function plan(fields: Partial<FieldTypes>, options: PlanOptions = {}): RunPlan {
  const result = planRun(runOf(fields), fakeProxies, options);
  assert.ok('spec' in result, 'impossible' in result ? result.impossible.en : '');
  return result;
}

function refusal(fields: Partial<FieldTypes>, options: PlanOptions = {}): string {
  const result = planRun(runOf(fields), fakeProxies, options);
  assert.ok('impossible' in result);
  assert.match(result.impossible.ko, /[가-힣]/);
  return result.impossible.en;
}

const peak = (rates: readonly number[]) => Math.max(...rates);
const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) <= 1e-9 * Math.abs(expected), `${actual} is not ${expected}`);

describe('planning a run for a proxy', () => {
  it('trains the reference row at the proxy’s tuned rate', () => {
    const { spec, reference, recognised, proxy } = plan(gpt);
    assert.equal(proxy, 'gpt');
    assert.equal(recognised, true);
    near(peak(spec.learningRates), 0.01);
    near(peak(reference.learningRates), 0.01);
    assert.equal(spec.steps, 100);
    assert.equal(spec.learningRates.length, 100);
    assert.deepEqual(spec.clipping, { norm: 1 });
  });

  it('leaves a weight decay behind whose optimizer nobody says', () => {
    const { optimizer: _, ...unsaid } = gpt;
    const decay = (fields: Partial<FieldTypes>) =>
      plan({ ...fields, weightDecay: 0.3 }).spec.optimizer.weightDecay;
    assert.equal(decay(unsaid), 0.1);
    assert.equal(decay(gpt), 0.3);
  });

  it('takes all weights to be trained where the config does not say, and says so', () => {
    const bert = {
      architecture: 'bert',
      goal: 'fine-tuning',
      fromScratch: false,
      optimizer: 'adamw',
    } as const;
    const said = (fields: Partial<FieldTypes>) => {
      const { notes, scaled } = plan({ ...bert, learningRate: 1e-3, ...fields });
      return {
        assumed: notes.some(({ en, ko }) => /LoRA/.test(en) && /LoRA/.test(ko)),
        rule: scaled.find(({ what }) => what.en === 'Learning rate')?.rule.en ?? '',
      };
    };
    assert.deepEqual(said({}).assumed, true);
    assert.match(said({}).rule, /= 20, times/);
    assert.deepEqual(said({ method: 'lora' }).assumed, false);
    assert.match(said({ method: 'lora' }).rule, /taken as 2 /);
    assert.deepEqual(said({ method: 'full' }).assumed, false);
  });

  it('keeps dropout where the proxy has places for it, a usual one in the twin too, and says so', () => {
    const dropping = fakeProxies.map((proxy) => ({ ...proxy, dropout: proxy.id === 'gpt' }));
    const planned = (fields: Partial<FieldTypes>) => {
      const made = planRun(runOf(fields), dropping);
      assert.ok('spec' in made);
      return made;
    };
    const usual = planned({ ...gpt, dropout: 0.05 });
    assert.deepEqual([usual.spec.dropout, usual.reference.dropout], [0.05, 0.05]);
    const strong = planned({ ...gpt, dropout: 0.5 });
    assert.deepEqual([strong.spec.dropout, strong.reference.dropout], [0.5, 0.1]);
    assert.ok(strong.scaled.some(({ what, to }) => what.en === 'Dropout' && to === 0.5));
    assert.ok(strong.notes.some(({ en }) => /more than the usual 0\.1/.test(en)));
    assert.ok(!usual.notes.some(({ en }) => /more than the usual/.test(en)));
    const none = planned({ ...gpt, dropout: 0 });
    assert.ok(!('dropout' in none.spec) && !('dropout' in none.reference));
    const without = planned({ ...resnet, dropout: 0.2 });
    assert.ok(!('dropout' in without.spec));
    assert.ok(without.notes.some(({ en, ko }) => /no places for dropout/.test(en) && /[가-힣]/.test(ko)));
  });

  it('counts the patience of early stopping in epochs, where they are known', () => {
    near(plan({ ...gpt, epochs: 40, earlyStoppingPatience: 10 }).earlyStopping ?? 0, 0.25);
    near(plan({ ...gpt, earlyStoppingPatience: 5 }).earlyStopping ?? 0, 0.25);
    assert.equal(plan({ ...gpt, epochs: 40, earlyStoppingPatience: 100 }).earlyStopping, 1);
    assert.equal(plan({ ...gpt, earlyStoppingPatience: 0 }).earlyStopping, undefined);
  });

  it('takes the masked proxy for the pre-training of an encoder, and the other for its fine-tuning', () => {
    const [first] = fakeProxies;
    assert.ok(first);
    const encoders = ['bert', 'bert-masked'].map((id) => ({ ...first, id }));
    const bert: Partial<FieldTypes> = {
      architecture: 'bert',
      domain: 'nlp',
      optimizer: 'adamw',
      learningRate: 1e-4,
    };
    const chosen = (fields: Partial<FieldTypes>) => {
      const made = planRun(runOf({ ...bert, ...fields }), encoders);
      assert.ok('spec' in made);
      return made.proxy;
    };
    assert.equal(chosen({ objective: 'masked-lm' }), 'bert-masked');
    assert.equal(chosen({ objective: 'masked-lm', fromScratch: false }), 'bert-masked');
    assert.equal(chosen({ fromScratch: true }), 'bert-masked');
    assert.equal(chosen({ fromScratch: false }), 'bert');
    assert.equal(chosen({}), 'bert');
  });

  it('carries the relative rate over: ten times the table’s is ten times the proxy’s', () => {
    near(peak(plan({ ...resnet, learningRate: 1 }).spec.learningRates), 0.2 * 10);
    near(peak(plan({ ...resnet, learningRate: 3 }).spec.learningRates), 0.2 * 30);
    // Published runs go up to 3e-3, five times the usual rate: twice that is eight times the proxy's.
    near(peak(plan({ ...gpt, learningRate: 6e-3 }).spec.learningRates), 0.08);
  });

  it('corrects the rate for the batch linearly for SGD where the number of devices is known', () => {
    // 0.8 at batch 2048 is 0.1 at 256.
    near(peak(plan({ ...resnet, learningRate: 0.8, globalBatch: 2048 }).spec.learningRates), 0.2);
    // 0.1 at batch 16 is 1.6 at 256: sixteen times too much.
    near(peak(plan({ ...resnet, globalBatch: 16 }).spec.learningRates), 0.2 * 16);
  });

  it('names a usual rate that is corrected for the batch only where the rate is', () => {
    const { worldSize: _, globalBatch: __, ...fields } = resnet;
    assert.equal(usualRate(runOf({ ...fields, batchPerDevice: 128 }), 'sgd-momentum'), 0.1);
    assert.equal(usualRate(runOf({ ...fields, batchPerDevice: 128, worldSize: 1 }), 'sgd-momentum'), 0.05);
  });

  it('does not correct for a batch on an unknown number of devices, and says so', () => {
    const { worldSize: _, globalBatch: __, ...fields } = resnet;
    const { spec, notes } = plan({ ...fields, batchPerDevice: 32 });
    near(peak(spec.learningRates), 0.2);
    assert.ok(notes.some(({ en }) => /number of devices/.test(en)));
  });

  it('counts a rate below the published span from its lower end', () => {
    near(peak(plan({ ...resnet, learningRate: 0.002 }).spec.learningRates), 0.2 * 0.1);
  });

  it('does not read more than a factor of two into a rate that published runs span', () => {
    near(peak(plan({ ...resnet, learningRate: 0.2 }).spec.learningRates), 0.4);
    near(peak(plan({ ...gpt, learningRate: 2.5e-3 }).spec.learningRates), 0.02);
    near(peak(plan({ ...gpt, learningRate: 3e-4 }).spec.learningRates), 0.01);
  });

  it('keeps warm-up and schedule as fractions', () => {
    const { spec } = plan(gpt);
    near(spec.learningRates[5] ?? 0, 0.005);
    near(spec.learningRates[55] ?? 0, 0.005);
    const { warmupRatio: _, ...inSteps } = gpt;
    const long = plan({ ...inSteps, warmupSteps: 250, maxSteps: 1000 }, { steps: 40 });
    near(long.spec.learningRates[5] ?? 0, 0.005);
    assert.equal(peak(long.spec.learningRates), long.spec.learningRates[10]);
  });

  it('keeps the horizon lr · wd · T of weight decay', () => {
    // 6e-4 · 0.1 · 10 000 = 0.6; at 0.01 over 100 steps that is wd = 0.6.
    const { spec } = plan({ ...gpt, weightDecay: 0.1, maxSteps: 10_000 });
    near(Number(spec.optimizer.weightDecay), 0.6);
    // 6e-4 · 0.1 · 10⁶ = 60, more than so few steps can hold.
    const limited = plan({ ...gpt, weightDecay: 0.1, maxSteps: 1_000_000 });
    near(Number(limited.spec.optimizer.weightDecay), 1);
    // SGD with momentum forgets 1 / (1 − μ) as fast: 0.1 · 1e-4 · 10 000 / 0.1 = 1.
    const sgd = plan({ ...resnet, weightDecay: 1e-4, maxSteps: 10_000 });
    near(Number(sgd.spec.optimizer.weightDecay), (1 * 0.1) / (0.2 * 200));
  });

  it('says that weight decay acts too weakly when the length is unknown', () => {
    const { spec, notes } = plan({ ...gpt, weightDecay: 0.1 });
    assert.equal(spec.optimizer.weightDecay, 0.1);
    assert.ok(notes.some(({ en }) => /length of the run is not known/.test(en)));
  });

  it('shows a small data set to the proxy as often as the user’s model sees it', () => {
    // 10 epochs of 3668 samples: 100 · 16 examples in all, each ten times.
    const small = plan({ ...gpt, datasetSize: 3668, epochs: 10, globalBatch: 32 });
    assert.ok(Math.abs((small.spec.dataset?.size ?? 0) - 160) <= 1);
    assert.deepEqual(small.reference.dataset, small.spec.dataset);
    assert.equal(
      plan({ ...gpt, datasetSize: 1_000_000, epochs: 10, globalBatch: 32 }).spec.dataset,
      undefined,
    );
    assert.equal(plan({ ...gpt, datasetSize: 3668, epochs: 1, globalBatch: 32 }).spec.dataset, undefined);
  });

  it('takes momentum, betas and eps as they are and the reference’s where the run is silent', () => {
    assert.deepEqual(plan(gpt).spec.optimizer.betas, [0.9, 0.95]);
    assert.deepEqual(plan({ ...gpt, beta2: 0.999 }).spec.optimizer.betas, [0.9, 0.999]);
    assert.equal(plan({ ...resnet, momentum: 0.99 }).spec.optimizer.momentum, 0.99);
    assert.equal(plan({ ...gpt, eps: 1e-6 }).spec.optimizer.eps, 1e-6);
  });

  it('gives a wrapper its base', () => {
    const { spec } = plan({ ...resnet, optimizer: 'sam(sgd-momentum)', weightDecay: 0 });
    assert.equal(spec.optimizer.kind, 'sam');
    assert.deepEqual(spec.optimizer.base, { kind: 'sgd-momentum', momentum: 0.9, weightDecay: 0 });
  });

  it('trains without clipping where the framework does not clip', () => {
    assert.equal(plan({ ...gpt, clipNorm: 0 }).spec.clipping, undefined);
    assert.deepEqual(plan({ ...gpt, clipNorm: 0, clipValue: 0.5 }).spec.clipping, { value: 0.5 });
  });

  it('says which value became what, by which rule and from which source, in both languages', () => {
    const { scaled } = plan({ ...gpt, weightDecay: 0.1, maxSteps: 10_000, globalBatch: 512 });
    const rate = scaled.find(({ what }) => what.en === 'Learning rate');
    assert.equal(rate?.from, 6e-4);
    assert.equal(rate?.to, 0.01);
    assert.match(rate?.source ?? '', /situations\/llm-pretraining-small/);
    for (const { what, rule, source } of scaled) {
      assert.ok(what.en && what.ko && rule.en && rule.ko && source);
    }
  });

  it('falls back to a stand-in and says why', () => {
    const bert = plan({ architecture: 'bert', optimizer: 'adamw', learningRate: 5e-5, schedule: 'linear' });
    assert.equal(bert.proxy, 'gpt');
    assert.equal(bert.recognised, false);
    assert.match(bert.why.en, /no proxy of bert/);
    const unknown = plan({ optimizer: 'adam', learningRate: 1e-3 });
    assert.equal(unknown.proxy, 'mlp');
    assert.equal(unknown.recognised, false);
  });

  it('trains image restoration and vocoders on a network whose output has a target, whatever they are made of', () => {
    const unet = { ...fakeProxies[2], id: 'unet' } as (typeof fakeProxies)[number];
    const available = [...fakeProxies, unet];
    const chosen = (fields: Partial<FieldTypes>) => {
      const result = planRun(runOf({ optimizer: 'adam', learningRate: 1e-4, ...fields }), available);
      assert.ok('spec' in result);
      return [result.proxy, result.recognised];
    };
    assert.deepEqual(chosen({ architecture: 'gan-generator', objective: 'restoration' }), ['unet', false]);
    assert.deepEqual(chosen({ architecture: 'gan-generator', objective: 'reconstruction' }), ['unet', false]);
    assert.deepEqual(chosen({ architecture: 'unet', objective: 'restoration' }), ['unet', true]);
  });

  it('names what the proxy cannot show', () => {
    assert.ok(plan(gpt).notDiscriminating.some(({ symptom }) => symptom === 'gradient-explosion'));
  });

  it('judges an optimizer the table has no row for by the exchange of usual rates', () => {
    const lion = plan({ ...gpt, optimizer: 'lion', learningRate: 1.2e-4 });
    // A fifth of AdamW's rate is Lion's usual one: r = 1 on its own tuned rate.
    near(peak(lion.spec.learningRates), peak(lion.reference.learningRates));
  });

  it('assumes a share for warm-up steps of a run of unknown length, and a schedule it cannot draw', () => {
    const { warmupRatio: _, ...fields } = gpt;
    assert.ok(plan({ ...fields, warmupSteps: 500 }).notes.some(({ en }) => /500 warm-up steps/.test(en)));
    assert.ok(plan({ ...gpt, schedule: 'other' }).notes.some(({ en }) => /cannot be drawn/.test(en)));
  });

  it('takes some hundred steps of warm-up for enough, however small their share of a long run', () => {
    const { warmupRatio: _, ...inSteps } = gpt;
    const warm = (warmupSteps: number, maxSteps: number) => {
      const { spec } = plan({ ...inSteps, beta2: 0.95, warmupSteps, maxSteps });
      return spec.learningRates.indexOf(peak(spec.learningRates));
    };
    assert.equal(warm(2000, 1_000_000), 10, 'as long as the reference');
    assert.equal(warm(250, 1_000_000), 5, 'half of what is enough');
    assert.equal(
      warm(200, 20_000),
      10,
      'a usual share for pretraining, longer than the second moment remembers',
    );
    assert.equal(warm(2, 100), 2, 'a short run is short in both');
    assert.equal(warm(0, 1_000_000), 0);
  });

  it('does not judge that a run from trained weights does without warm-up, and says so', () => {
    const { warmupRatio: _, objective: __, ...fields } = gpt;
    const cold = plan({ ...fields, learningRate: 2e-5, model: 'my-org/base-7b', warmupRatio: 0 });
    near(cold.reference.learningRates[0] ?? 0, peak(cold.reference.learningRates));
    assert.ok(cold.notes.some(({ en, ko }) => /trained weights/.test(en) && /[가-힣]/.test(ko)));
    const scratch = plan({ ...fields, fromScratch: true, warmupRatio: 0 });
    assert.ok((scratch.reference.learningRates[0] ?? 1) < 0.2 * peak(scratch.reference.learningRates));
  });

  it('holds T5 at the constant rate of its paper against a constant rate', () => {
    const { spec, reference } = plan(
      {
        ...{ architecture: 't5', optimizer: 'adafactor', learningRate: 1e-3, method: 'full' },
        ...{ fromScratch: false, schedule: 'constant', warmupRatio: 0 },
      },
      { proxy: 'gpt' },
    );
    assert.deepEqual(new Set(reference.learningRates).size, 1);
    near(peak(spec.learningRates), peak(reference.learningRates));
  });

  it('takes the proxy’s decay where it cannot be told when the rate drops', () => {
    const { spec, reference, notes } = plan({ ...resnet, schedule: 'multi-step', warmupRatio: 0.05 });
    near(spec.learningRates.at(-1) ?? 0, reference.learningRates.at(-1) ?? 1);
    assert.ok(notes.some(({ en }) => /When the rate drops cannot be told/.test(en)));
  });

  it('says what the schedule itself gets wrong, without training', () => {
    const notes = (fields: Partial<FieldTypes>) =>
      plan({ ...gpt, ...fields })
        .notes.map(({ en }) => en)
        .join(' ');
    const { warmupRatio: _, ...inSteps } = gpt;
    assert.match(
      plan({ ...inSteps, warmupSteps: 200, maxSteps: 100 })
        .notes.map(({ en }) => en)
        .join(' '),
      /2 times as long as the run: .* 50 % of its peak/,
    );
    assert.match(notes({ maxSteps: 1000, decaySteps: 100 }), /after 10 % of the run/);
    assert.match(notes({ maxSteps: 1000, decaySteps: 3000 }), /3 times the length of the run/);
    assert.doesNotMatch(notes({ maxSteps: 1000 }), /of the run/);
  });

  it('refuses in a sentence what it cannot train', () => {
    assert.match(refusal({ ...gpt, optimizer: 'prodigy' }), /"prodigy"/);
    assert.match(refusal(gpt, { proxy: 'alexnet' }), /no proxy "alexnet".*gpt, resnet, mlp/);
    assert.match(refusal(gpt, { steps: 0 }), /whole number/);
    assert.match(refusal({ schedule: 'cosine' }), /neither an optimizer nor a learning rate/);
    const run = runOf({});
    const opaque = {
      ...run,
      opaque: new Map([['optimizer' as const, { path: ['o'], span: { start: 0, end: 1 } }]]),
    };
    assert.ok('impossible' in planRun(opaque, fakeProxies));
  });
});

describe('a GAN whose file sets the players apart', () => {
  const gan: Partial<FieldTypes> = {
    architecture: 'gan-generator',
    domain: 'cv-cnn',
    optimizer: 'adam',
    learningRate: 2e-4,
    beta1: 0.5,
    beta2: 0.999,
    schedule: 'constant',
    globalBatch: 128,
  };
  const generator = runOf(gan);
  const discriminator = (more: Partial<FieldTypes> = {}) =>
    runOf({ ...gan, architecture: 'gan-discriminator', ...more });
  const [gpt] = fakeProxies;
  assert.ok(gpt);
  const proxies = [
    {
      ...gpt,
      id: 'gan',
      reference: {
        optimizer: { kind: 'adam', betas: [0.5, 0.999] },
        learningRate: 4e-3,
        schedule: 'constant' as const,
        warmupFraction: 0,
      },
    },
  ];
  const trained = (run: TrainingRun, other: TrainingRun) => {
    const result = planRun(run, proxies, { otherPlayer: other });
    assert.ok('spec' in result, 'impossible' in result ? result.impossible.en : '');
    return result;
  };

  it('trains both with one optimizer where they are alike', () => {
    assert.deepEqual(
      trained(generator, discriminator()).spec.optimizer,
      trained(generator, generator).spec.optimizer,
    );
    assert.equal(trained(generator, discriminator()).spec.optimizer.groups, undefined);
  });

  it('gives each its own rate and optimizer, whichever of the two is asked for', () => {
    const faster = discriminator({ learningRate: 2e-3, optimizer: 'rmsprop' });
    const [first, second] = [trained(generator, faster), trained(faster, generator)];
    assert.deepEqual(first.spec, second.spec);
    const [, group] = first.spec.optimizer.groups as { kind: string; lrFactor: number }[];
    assert.equal(group?.kind, 'rmsprop');
    assert.ok((group?.lrFactor ?? 0) > 1);
    assert.ok(first.scaled.some(({ what, from }) => what.en === 'Discriminator’s rate' && from === 2e-3));
    assert.ok(second.scaled.some(({ what, from }) => what.en === 'Generator’s rate' && from === 2e-4));
  });

  it('finds the other player in the runs of its file, and none for anything else', () => {
    const rival = discriminator();
    assert.equal(otherPlayer([generator, rival], generator), rival);
    assert.equal(otherPlayer([generator, rival], rival), generator);
    assert.equal(otherPlayer([runOf(resnet), rival], runOf(resnet)), undefined);
  });
});
