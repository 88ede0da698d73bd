import assert from 'node:assert/strict';
import {
  buildId,
  type GroupSpec,
  proxies,
  type RunResult,
  type RunSpec,
  RunSpecError,
  type StepRecord,
  train,
} from '../js/index.ts';
import { referenceRun } from './support.ts';

const mlp = proxies().find((proxy) => proxy.id === 'mlp');
assert.ok(mlp);
const small = (over: Partial<RunSpec> = {}): RunSpec => ({
  proxy: 'mlp',
  optimizer: { kind: 'adam' },
  steps: 20,
  learningRates: Array<number>(20).fill(1e-2),
  seed: 1,
  ...over,
});

describe('train', () => {
  it('names its build by what it was built to', () => {
    assert.match(buildId(), /^[0-9a-f]{16}$/);
    assert.equal(buildId(), buildId());
  });

  it('gives every step in order, with probe and validation losses where asked', async () => {
    const seen: StepRecord[] = [];
    const result = await train(small({ probeEvery: 5, validateEvery: 10 }), {
      onStep: (record) => seen.push(record),
    });
    assert.deepEqual(seen, result.records);
    assert.deepEqual(
      result.records.map((record) => record.step),
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    for (const record of result.records) {
      assert.equal(record.probeLoss !== undefined, record.step % 5 === 0);
      assert.equal(record.valLoss !== undefined, record.step % 10 === 0);
      assert.equal(record.lr, 1e-2);
      assert.ok(record.gradNorm > 0 && record.updateRatio > 0);
    }
    assert.ok((result.initial.probeLoss ?? 0) > 0 && (result.initial.valLoss ?? 0) > 0);
    assert.equal(result.stateBytes >= 2 * 4 * result.parameterCount, true);
    assert.equal(result.finite && !result.cancelled, true);
  });

  it('repeats itself to the last bit, and another seed differs', async () => {
    const [first, second, other] = await Promise.all([
      train(small()),
      train(small()),
      train(small({ seed: 2 })),
    ]);
    assert.deepEqual(first.records, second.records);
    assert.notDeepEqual(first.records, other.records);
  });

  it('draws the same weights and batches whatever the optimizer does', async () => {
    const still = { learningRates: Array<number>(20).fill(0) };
    const adam = await train(small(still));
    const sgd = await train(small({ ...still, optimizer: { kind: 'sgd' } }));
    assert.deepEqual(
      adam.records.map((record) => record.loss),
      sgd.records.map((record) => record.loss),
    );
  });

  it('averages accumulated batches: four of 16 cost what one of 64 costs', async () => {
    const dataset = { size: 64 };
    const sgd = { optimizer: { kind: 'sgd' }, steps: 1, learningRates: [0.1], dataset, probeEvery: 1 };
    const whole = await train(small({ ...sgd, batchSize: 64 }));
    const parts = await train(small({ ...sgd, batchSize: 16, accumulation: 4 }));
    const [a, b] = [whole.records[0], parts.records[0]];
    assert.ok(a && b);
    assert.ok(Math.abs(a.loss - b.loss) < 1e-6 && Math.abs(a.gradNorm - b.gradNorm) < 1e-5);
    assert.ok(Math.abs((a.probeLoss ?? 0) - (b.probeLoss ?? 1)) < 1e-6);
  });

  it('clips by norm and by value, and reports the norm before', async () => {
    const one = { optimizer: { kind: 'sgd' }, steps: 1, learningRates: [1] };
    const free = await train(small(one));
    const byNorm = await train(small({ ...one, clipping: { norm: 1e-3 } }));
    const byValue = await train(small({ ...one, clipping: { value: 1e-6 } }));
    assert.equal(byNorm.records[0]?.gradNorm, free.records[0]?.gradNorm);
    const ratioOf = (run: RunResult): number => run.records[0]?.updateRatio ?? Number.NaN;
    const [ratio, normRatio, valueRatio] = [ratioOf(free), ratioOf(byNorm), ratioOf(byValue)] as const;
    assert.ok(normRatio < ratio / 100 && valueRatio < ratio / 1000);
    const parameterNorm = (free.records[0]?.gradNorm ?? 0) / ratio;
    assert.ok(Math.abs(normRatio * parameterNorm - 1e-3) < 1e-5);
  });

  it('counts the ReLU units that are silent on the probe batch, where there are any', async () => {
    const over = {
      steps: 30,
      learningRates: Array<number>(30).fill(0.3),
      optimizer: { kind: 'sgd-momentum' },
    };
    const killed = await train(
      small({ ...over, proxy: 'dense-recommender', learningRates: Array<number>(30).fill(3) }),
    );
    const shares = killed.records.flatMap(({ deadUnits }) => deadUnits ?? []);
    assert.ok(shares.length > 0 && shares.every((share) => share >= 0 && share <= 1));
    assert.ok((shares.at(-1) ?? 0) > 2 * (shares[0] ?? 1), `${shares[0]} to ${shares.at(-1)}`);
    const tanh = await train(small({ ...over, proxy: 'mlp' }));
    assert.ok(tanh.records.every(({ deadUnits }) => deadUnits === undefined));
  });

  it('shows NaN and stops there, or goes on when told to', async () => {
    const wild = small({ optimizer: { kind: 'sgd' }, learningRates: Array<number>(20).fill(1e30) });
    const stopped = await train(wild);
    assert.equal(stopped.finite, false);
    assert.equal(stopped.records.length, stopped.nonFiniteAt);
    const last = stopped.records.at(-1);
    assert.ok(
      last &&
        !(
          Number.isFinite(last.loss) &&
          Number.isFinite(last.gradNorm) &&
          Number.isFinite(last.probeLoss ?? 0)
        ),
    );
    const all = await train({ ...wild, continueWhenNonFinite: true });
    assert.equal(all.records.length, 20);
    assert.ok(Number.isNaN(all.records.at(-1)?.loss));
  });

  it('stops within 20 ms of an abort and keeps what it has', async () => {
    for (const id of ['gpt', 'efficientnet']) {
      const abort = new AbortController();
      let asked = 0;
      const run = train(
        { ...small(), proxy: id, steps: 100_000, learningRates: Array<number>(100_000).fill(1e-3) },
        {
          signal: abort.signal,
          onStep: ({ step }) => {
            if (step < 5 || asked > 0) return;
            asked = performance.now();
            abort.abort();
          },
        },
      );
      const result = await run;
      const took = performance.now() - asked;
      assert.equal(result.cancelled, true);
      assert.ok(result.records.length >= 5);
      // a busy machine may add its own delay to the 20 ms
      assert.ok(took < 60, `${id}: ${took} ms`);
    }
  });

  it('takes a signal that was aborted before', async () => {
    const result = await train(small(), { signal: AbortSignal.abort() });
    assert.equal(result.cancelled, true);
  });

  it('rejects with what onStep throws and stops', async () => {
    const fault = new Error('from the listener');
    await assert.rejects(
      train(small(), {
        onStep: () => {
          throw fault;
        },
      }),
      fault,
    );
  });

  it('switches the optimizer in mid-run, and not before', async () => {
    const sgd = { kind: 'sgd' };
    const plain = await train(small());
    const switched = await train(small({ switch: { at: 11, optimizer: sgd } }));
    assert.deepEqual(switched.records.slice(0, 10), plain.records.slice(0, 10));
    assert.notDeepEqual(switched.records.slice(11), plain.records.slice(11));
    assert.equal(switched.stateBytes, 0);
    await assert.rejects(
      train(small({ switch: { at: 5, optimizer: { kind: 'sgd', momentum: -1 } } })),
      /momentum/,
    );
  });

  it('validates on the moving average of the weights, and trains on the weights', async () => {
    const spec = small({ validateEvery: 1 });
    const plain = await train(spec);
    assert.deepEqual((await train({ ...spec, weightAverage: { decay: 0 } })).records, plain.records);
    const averaged = await train({ ...spec, weightAverage: { decay: 0.9 } });
    const withoutValidation = ({ valLoss: _, ...record }: StepRecord) => record;
    assert.deepEqual(averaged.records.map(withoutValidation), plain.records.map(withoutValidation));
    assert.notEqual(averaged.records[5]?.valLoss, plain.records[5]?.valLoss);
    // the first update copies the weights; after that hardly anything of the new ones comes in
    const still = await train({ ...spec, weightAverage: { decay: 1 - 1e-9 } });
    const [first = Number.NaN, last = Number.NaN] = [plain.records[0], still.records.at(-1)].map(
      (record) => record?.valLoss ?? Number.NaN,
    );
    assert.ok(Math.abs(last - first) < 1e-5 * first, `${first} ${last}`);
    const warm = await train({ ...spec, weightAverage: { decay: 0.999, warmup: true } });
    const slow = await train({ ...spec, weightAverage: { decay: 0.999 } });
    assert.ok((warm.records.at(-1)?.valLoss ?? Number.NaN) < (slow.records.at(-1)?.valLoss ?? 0));
  });

  it('drops activations in training alone, the same ones for the same seed', async () => {
    for (const { id } of proxies().filter((proxy) => proxy.dropout)) {
      const still = { steps: 3, learningRates: [0, 0, 0], probeEvery: 1, validateEvery: 0 };
      const spec: RunSpec = { ...small(still), proxy: id };
      const plain = await train(spec);
      assert.deepEqual((await train({ ...spec, dropout: 0 })).records, plain.records);
      const [first, second] = await Promise.all([
        train({ ...spec, dropout: 0.2 }),
        train({ ...spec, dropout: 0.2 }),
      ]);
      assert.deepEqual(first.records, second.records);
      assert.deepEqual(first.initial, plain.initial);
      first.records.forEach((record, i) => {
        assert.notEqual(record.loss, plain.records[i]?.loss);
        assert.equal(record.probeLoss, plain.records[i]?.probeLoss);
      });
    }
  });

  it('hands Sophia the estimate that its parameter group asks for', async () => {
    const spec = {
      ...small({ steps: 12, learningRates: Array<number>(12).fill(1e-3) }),
      proxy: 'recommender',
    };
    const sophia = { kind: 'sophia', estimator: 'hutchinson', updateEvery: 2 };
    const alone = await train({ ...spec, optimizer: sophia });
    const grouped = await train({ ...spec, optimizer: { ...sophia, groups: [{}, { lrFactor: 1 }] } });
    assert.deepEqual(grouped.records, alone.records);
    const named = await train({ ...spec, optimizer: { kind: 'adam', groups: [sophia, sophia] } });
    assert.deepEqual(named.records, alone.records);
  });

  it('gives the discriminator of a GAN the optimizer and the rate of its group', async () => {
    const spec = { ...small({ steps: 12, learningRates: Array<number>(12).fill(4e-3) }), proxy: 'gan' };
    const adam = { kind: 'adam', betas: [0.5, 0.999] };
    const records = async (groups?: GroupSpec[]) =>
      (await train({ ...spec, optimizer: { ...adam, ...(groups && { groups }) } })).records;
    const alone = await records();
    assert.deepEqual(await records([{}, { lrFactor: 1 }]), alone);
    assert.deepEqual(await records([{}, { ...adam, lrFactor: 1 }]), alone);
    const faster = await records([{}, { lrFactor: 10 }]);
    // The discriminator steps first, so that the generator's first loss already knows.
    assert.notEqual(faster[0]?.loss, alone[0]?.loss);
    assert.notDeepEqual(await records([{}, { kind: 'sgd', lrFactor: 1 }]), alone);
  });

  it('takes null for no line search', async () => {
    const spec = small({ steps: 3, learningRates: [0.1, 0.1, 0.1], dataset: { size: 64 } });
    const lbfgs = (lineSearch?: string | null): Promise<RunResult> =>
      train({ ...spec, optimizer: { kind: 'lbfgs', ...(lineSearch === undefined ? {} : { lineSearch }) } });
    const none = await lbfgs('none');
    assert.deepEqual((await lbfgs(null)).records, none.records);
    assert.notDeepEqual((await lbfgs()).records, none.records);
  });

  it('puts outliers where asked: the gradient norm jumps there', async () => {
    const lstm: RunSpec = { ...small(), proxy: 'lstm', optimizer: { kind: 'sgd' } };
    const calm = await train({ ...lstm, learningRates: Array<number>(20).fill(0) });
    const bad = await train({
      ...lstm,
      learningRates: Array<number>(20).fill(0),
      dataset: { badBatchScale: 50 },
    });
    const jumps = bad.records.flatMap(({ step, gradNorm }, index) =>
      gradNorm > 10 * (calm.records[index]?.gradNorm ?? 0) ? [step] : [],
    );
    assert.deepEqual(jumps, [4, 8, 13]);
  });

  it('feeds the optimizers that want curvature, layer statistics or the loss itself', async () => {
    const kinds: RunSpec['optimizer'][] = [
      { kind: 'sophia' },
      { kind: 'sophia', estimator: 'hutchinson' },
      { kind: 'kfac' },
      { kind: 'sam', base: { kind: 'sgd-momentum' } },
      { kind: 'lbfgs' },
    ];
    for (const optimizer of kinds) {
      const rate = optimizer.kind === 'lbfgs' ? 1 : optimizer.kind === 'sophia' ? 3e-3 : 0.05;
      const result = await train(
        small({
          optimizer,
          learningRates: Array<number>(20).fill(rate),
          dataset: { size: 64 },
          probeEvery: 20,
        }),
      );
      const end = result.records.at(-1)?.probeLoss ?? Number.NaN;
      assert.ok(end < 0.9 * (result.initial.probeLoss ?? 0), `${optimizer.kind}: ${end}`);
    }
  });

  it('refuses second-order methods where they do not fit, and says where they do', async () => {
    const kfac = { kind: 'kfac' };
    const takes = /it takes mlp, gpt, vit, mask-rcnn, .*t5/;
    await assert.rejects(train({ ...small(), proxy: 'gan', optimizer: kfac }), takes);
    await assert.rejects(train({ ...small(), proxy: 'resnet', optimizer: kfac }), takes);
    const late = { at: 5, optimizer: kfac };
    await assert.rejects(train({ ...small(), proxy: 'unet', switch: late }), takes);
    await assert.rejects(train(small({ optimizer: { kind: 'newton' } })), /1633 parameters given.*lbfgs/);
    await assert.rejects(
      train(small({ optimizer: { kind: 'sam(lbfgs)' } })),
      /sam hands its base one gradient/,
    );
  });

  it('overfits a small data set, and a large one less', async () => {
    const gap = async (size: number) => {
      const spec = small({
        steps: 300,
        learningRates: Array<number>(300).fill(1e-2),
        dataset: { size },
        probeEvery: 300,
      });
      const last = (await train(spec)).records.at(-1);
      return (last?.valLoss ?? 0) / (last?.probeLoss ?? 1);
    };
    assert.ok((await gap(32)) > 2 * (await gap(4096)));
  });

  it('hands an optimizer refusal on', async () => {
    await assert.rejects(train(small({ optimizer: { kind: 'adam', betas: [1.5, 0.9] } })), /beta/i);
    await assert.rejects(train(small({ optimizer: { kind: 'no-such' } })), /no-such/);
  });

  it('refuses bad specs before it starts, naming the field', async () => {
    const cases: [unknown, RegExp][] = [
      [{ proxy: 'lenet' }, /^proxy: got "lenet", expected one of mlp/],
      [{ steps: 0 }, /^steps: got 0, expected an integer from 1/],
      [{ steps: 1e9 }, /^steps/],
      [{ learningRates: [1] }, /^learningRates: got an array of 1, expected one number per step, 20/],
      [{ learningRates: Array(20).fill(Number.NaN) }, /^learningRates\[0\]: got NaN/],
      [{ batchSize: 0 }, /^batchSize/],
      [{ batchSize: 2.5 }, /^batchSize/],
      [{ accumulation: -1 }, /^accumulation/],
      [{ seed: -1 }, /^seed/],
      [{ seed: '1' }, /^seed: got "1"/],
      [{ clipping: { norm: 0 } }, /^clipping\.norm/],
      [{ clipping: { value: Number.POSITIVE_INFINITY } }, /^clipping\.value/],
      [{ clipping: { nrom: 1 } }, /^clipping\.nrom.*known: norm, value/],
      [{ dataset: { labelNoise: 0.1 } }, /^dataset\.labelNoise.*mlp has no class labels/],
      [{ dataset: { size: 0 } }, /^dataset\.size/],
      [{ weightAverage: { decay: 1 } }, /^weightAverage\.decay: got 1, expected a number from 0 to below 1/],
      [{ weightAverage: { rate: 0.9 } }, /^weightAverage\.rate.*known: decay, warmup/],
      [{ dropout: 1 }, /^dropout: got 1/],
      [{ dropout: 0.1 }, /^dropout: got 0\.1, expected nothing: mlp has no layers that drop/],
      [{ optimizer: 'adam' }, /^optimizer: got "adam", expected an object/],
      [{ optimizer: {} }, /^optimizer\.kind/],
      [{ schedule: 'cosine' }, /schedule: got "cosine", expected no such field/],
    ];
    for (const [over, message] of cases) {
      const refused = await train({ ...small(), ...(over as Partial<RunSpec>) }).then(
        () => undefined,
        (error: unknown) => error,
      );
      assert.ok(refused instanceof RunSpecError, `${JSON.stringify(over)} was accepted`);
      assert.match(refused.message, message);
    }
  });

  it('does not leak: memory settles over 200 runs', async () => {
    const run = () => train(small({ steps: 2, learningRates: [0.01, 0.01] }));
    for (let i = 0; i < 60; i++) await run();
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 200; i++) await run();
    const grown = (process.memoryUsage.rss() - before) / 2 ** 20;
    assert.ok(grown < 25, `${grown.toFixed(1)} MB`);
  });
});

describe('every proxy learns at its reference settings', () => {
  for (const proxy of proxies()) {
    it(proxy.id, async () => {
      const result = await train(referenceRun(proxy, 11));
      assert.equal(result.finite, true);
      // a GAN and reinforcement learning have no probe batch: their measure is the validation loss
      const of = (record: Partial<StepRecord> | undefined) => record?.probeLoss ?? record?.valLoss;
      const start = of(result.initial) ?? Number.NaN;
      const ends = result.records.flatMap((record) => of(record) ?? []).slice(-5);
      const end = ends.sort((a, b) => a - b)[2] ?? Number.NaN;
      assert.ok(end < 0.8 * start, `loss ${start} -> ${end}`);
    });
  }
});
