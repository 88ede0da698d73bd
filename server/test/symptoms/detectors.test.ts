import assert from 'node:assert/strict';
import { detectors, diagnose } from '../../src/symptoms/diagnose.ts';
import type { MetricSeries } from '../../src/symptoms/metric-series.ts';
import type { Symptom } from '../../src/symptoms/symptom.ts';
import { thresholds } from '../../src/symptoms/thresholds.ts';
import { falling, healthy, logSeries, normal, proxySeries } from './series.ts';

function detect(id: string, series: MetricSeries, reference?: MetricSeries) {
  const detector = detectors.find(({ symptom }) => symptom === id);
  assert.ok(detector);
  return detector.detect(series, { thresholds, ...(reference && { reference }) });
}

/** The detectors of divergence are two: of the loss, and of what stands for it in reinforcement learning and GANs. */
function plays(metrics: Parameters<typeof proxySeries>[0]): MetricSeries {
  const { curves, ...rest } = healthy();
  return { ...rest, lossFalls: false, curves: { ...curves, ...proxySeries(metrics).curves } };
}

function found(id: string, series: MetricSeries, reference?: MetricSeries): Symptom {
  const detection = detect(id, series, reference);
  assert.ok(detection && 'step' in detection, `${id} was not found`);
  assert.ok(detection.confidence > 0 && detection.confidence <= 1);
  assert.ok(detection.message.en.length > 0 && /[가-힣]/.test(detection.message.ko));
  return detection;
}

function nothing(id: string, series: MetricSeries, reference?: MetricSeries): void {
  assert.equal(detect(id, series, reference), undefined);
}

function unanswered(id: string, series: MetricSeries): void {
  const detection = detect(id, series);
  assert.ok(detection && 'cannotTell' in detection);
}

/** The healthy run with some of its curves replaced. */
function but(shapes: Parameters<typeof proxySeries>[0], steps = 200): MetricSeries {
  const base = healthy(steps);
  return { ...base, curves: { ...base.curves, ...proxySeries(shapes, steps).curves } };
}

describe('symptom detectors', () => {
  it('find nothing in a healthy run, alone or beside its twin', () => {
    assert.deepEqual(diagnose(healthy()).symptoms, []);
    assert.deepEqual(diagnose(healthy(), healthy()).symptoms, []);
  });

  it('find nothing in noisy healthy logs of any length', () => {
    for (const [steps, every, noise] of [
      [1000, 10, 0.03],
      [20000, 5, 0.15],
      [400, 20, 0.1],
    ] as const) {
      for (let seed = 0; seed < 10; seed++) {
        const random = normal(seed);
        const series = logSeries(
          {
            loss: (x) => falling(x, 0) * Math.exp(noise * random()),
            gradNorm: () => Math.exp(0.3 * random()),
            lr: (x) => 1e-3 * (1 - x),
          },
          steps,
          every,
        );
        assert.deepEqual(
          diagnose(series).symptoms.map(({ symptom }) => symptom),
          [],
          `${steps} steps, noise ${noise}, seed ${seed}`,
        );
      }
    }
  });

  it('survive a series without any curve, and say that they cannot tell', () => {
    const empty: MetricSeries = { curves: {}, unit: 'step', origin: 'log' };
    const { symptoms, cannotTell } = diagnose(empty);
    assert.deepEqual(symptoms, []);
    assert.equal(cannotTell.length, new Set(detectors.map(({ symptom }) => symptom)).size);
  });

  describe('loss-divergence', () => {
    it('sees NaN, and where it began', () => {
      const series = but({ loss: (x, step) => (step >= 120 ? Number.NaN : falling(x, step)) });
      const symptom = found('loss-divergence', series);
      assert.equal(symptom.step, 120);
      assert.equal(symptom.confidence, 1);
    });

    it('does not mind a gradient scaler that skips a step in a log', () => {
      const random = normal(3);
      const series = logSeries({
        loss: (x) => falling(x, 0) + 0.02 * random(),
        gradNorm: (_, step) => (step === 20 || step === 300 ? Number.POSITIVE_INFINITY : 1 + 0.1 * random()),
        lr: (x) => 1 - x,
      });
      assert.deepEqual(diagnose(series).symptoms, []);
    });

    it('sees a gradient norm that never comes back although the loss reads zero', () => {
      const series = logSeries({
        loss: (x, step) => (step > 500 ? 0 : falling(x, step)),
        gradNorm: (_, step) => (step > 500 ? Number.NaN : 1),
      });
      assert.equal(found('loss-divergence', series).evidence.metric, 'gradNorm');
    });

    it('sees a loss that ends above its start', () => {
      const series = but({ probeLoss: (x) => 2.3 + 6 * Math.max(0, x - 0.3) });
      assert.equal(found('loss-divergence', series).evidence.kind, 'above-start');
    });

    it('sees a relapse', () => {
      const series = but({
        probeLoss: (x, step) => (x < 0.5 ? falling(2 * x, step) : 0.5 + 1.6 * (x - 0.5)),
      });
      assert.equal(found('loss-divergence', series).evidence.kind, 'relapse');
    });

    it('tells collapsed and settled too high apart, only beside a reference', () => {
      const rate = { lr: () => 1 };
      const stuck = but({ ...rate, probeLoss: () => 2.28 });
      const high = but({ ...rate, probeLoss: (x) => 1.2 + 1.1 * Math.exp(-5 * x) });
      assert.equal(found('loss-divergence', stuck, healthy()).evidence.kind, 'collapsed');
      assert.equal(found('loss-divergence', high, healthy()).evidence.kind, 'excess');
      nothing('loss-divergence', stuck);
      nothing('loss-divergence', high);
    });
  });

  describe('loss-divergence without a falling loss', () => {
    const symptoms = (series: MetricSeries, reference?: MetricSeries) =>
      diagnose(series, reference).symptoms.map(({ symptom, evidence }) => `${symptom} ${evidence.kind}`);
    const good = plays({ return: (x) => 200 * Math.min(1, 2 * x), qMax: () => 20, loss: (x) => x });

    it('does not mind a rising loss', () => {
      assert.deepEqual(symptoms(good), []);
      assert.deepEqual(symptoms(good, good), []);
    });

    it('sees a return that never comes and Q values that run away', () => {
      const lost = plays({ return: () => 20, lr: () => 1 });
      assert.deepEqual(symptoms(lost, good), ['loss-divergence no-return']);
      const runaway = plays({ return: (x) => 200 * x, qMax: (x) => 100 * x });
      assert.deepEqual(symptoms(runaway, good), ['loss-divergence runaway-values']);
    });

    it('sees a policy that jumps, with or without a reference', () => {
      const jumps = plays({ return: (x) => 200 * x, approxKl: () => 0.05, clipFraction: () => 0.5 });
      assert.deepEqual(symptoms(jumps), ['loss-divergence policy-jumps']);
      assert.deepEqual(symptoms(plays({ return: () => 200, approxKl: () => 0.01 })), []);
    });

    it('sees dropped modes', () => {
      const full = plays({ modes: () => 8 });
      assert.deepEqual(symptoms(plays({ modes: () => 3 }), full), ['loss-divergence mode-collapse']);
      assert.deepEqual(symptoms(plays({ modes: () => 7 }), full), []);
    });
  });

  describe('gradient-explosion', () => {
    it('sees a spike against its own recent course', () => {
      const base = healthy();
      const gradNorm = (_: number, step: number) => (step === 90 ? 60 : 1 + (step % 3) / 10);
      const hurt = but({ gradNorm, loss: (x, step) => falling(x, step) + (step > 90 ? 1 : 0) });
      const symptom = found('gradient-explosion', hurt);
      assert.equal(symptom.step, 90);
      assert.equal(symptom.evidence.lossRose, true);
      nothing('gradient-explosion', but({ gradNorm }));
      found(
        'gradient-explosion',
        logSeries({ loss: falling, gradNorm: (_, step) => (step === 500 ? 60 : 1) }),
      );
      nothing('gradient-explosion', base);
    });

    it('does not take an order of magnitude over many steps for a spike', () => {
      nothing('gradient-explosion', but({ gradNorm: (x) => 10 ** (2 * x) }));
    });

    it('sees a norm that grows a thousandfold', () => {
      assert.equal(
        found('gradient-explosion', but({ gradNorm: (x) => 10 ** (3.5 * x) })).evidence.kind,
        'growth',
      );
    });

    it('cannot tell without norms', () => unanswered('gradient-explosion', logSeries({ loss: falling })));
  });

  describe('early-instability', () => {
    it('sees the loss climb before it falls', () => {
      const series = but({ probeLoss: (x) => falling(x, 0) + 4 * Math.exp(-(((x - 0.06) / 0.03) ** 2)) });
      assert.ok(found('early-instability', series).step <= 20);
    });

    it('takes no odd batch for it in a log of single batches, whose losses scatter by factors', () => {
      const log = (scatter: number) => {
        const draw = normal(7);
        const peak = (x: number) => (x > 0.05 && x < 0.1 ? 3 : 1);
        return logSeries({ loss: (x) => falling(x, 0) * peak(x) * Math.exp(scatter * draw()) });
      };
      assert.equal(found('early-instability', log(0.02)).evidence.kind, 'peak');
      nothing('early-instability', log(0.8));
    });

    it('does not see a late climb', () => {
      nothing(
        'early-instability',
        but({ probeLoss: (x) => falling(x, 0) + 4 * Math.exp(-(((x - 0.6) / 0.03) ** 2)) }),
      );
    });

    describe('beside a twin that warms up', () => {
      const warm = but({ lr: (x) => 0.1 * Math.min(1, 0.01 + 10 * x) });
      const behind = (x: number) => 2.3 - 0.8 * x;
      const cold = but({ lr: () => 0.1, probeLoss: behind });

      it('sees the scar of full steps from the start, under this name alone', () => {
        assert.equal(found('early-instability', cold, warm).evidence.kind, 'scar');
        const names = diagnose(cold, warm).symptoms.map(({ symptom }) => symptom);
        assert.ok(!names.includes('slow-convergence'));
      });

      it('leaves a run that warmed up itself, had other steps or kept up to other detectors', () => {
        nothing(
          'early-instability',
          {
            ...warm,
            curves: {
              ...warm.curves,
              ...but({ probeLoss: behind }).curves,
              lr: warm.curves.lr ?? { steps: [], values: [] },
            },
          },
          warm,
        );
        nothing('early-instability', but({ lr: () => 1, probeLoss: behind }), warm);
        nothing('early-instability', but({ lr: () => 0.1 }), warm);
      });
    });
  });

  describe('late-plateau', () => {
    const constant = but({
      lr: () => 0.1,
      valLoss: (x, step) => (x < 0.6 ? falling(x, step) + 0.02 : falling(0.6, 0) + 0.1),
    });

    it('sees a validation loss that stalls at an undecayed rate beside a decaying one', () => {
      found('late-plateau', constant, healthy());
    });

    it('says nothing when the rate decayed', () => {
      nothing('late-plateau', but({ valLoss: () => 2 }), healthy());
    });

    it('leaves a run that lagged from the start to other detectors', () => {
      nothing('late-plateau', but({ lr: () => 0.1, valLoss: () => 2 }), healthy());
    });

    it('sees a flat end at a constant rate in a log', () => {
      const random = normal(5);
      const series = logSeries({
        loss: (x) => 0.6 + 2 * Math.exp(-12 * x) + 0.005 * random(),
        lr: () => 3e-4,
      });
      assert.equal(found('late-plateau', series).confidence, 0.5);
    });

    it('cannot tell without a learning rate', () => unanswered('late-plateau', logSeries({ loss: falling })));
  });

  describe('overfitting', () => {
    it('sees the validation loss rise above a low training loss', () => {
      const series = but({ loss: (x) => 2 * Math.exp(-6 * x), valLoss: (x) => 1 + (x - 0.4) ** 2 });
      const symptom = found('overfitting', series);
      assert.ok(symptom.step >= 70 && symptom.step <= 90);
    });

    it('wants three evaluations, and with few of them a steady rise', () => {
      const few = (values: number[]): MetricSeries => ({
        ...healthy(),
        curves: {
          loss: { steps: [1, 2, 3], values: [0.3, 0.2, 0.1] },
          valLoss: { steps: values.map((_, i) => i), values },
        },
      });
      found('overfitting', few([0.5, 0.6, 0.8]));
      nothing('overfitting', few([0.8, 0.5, 0.6]));
      unanswered('overfitting', few([0.5, 0.8]));
    });
  });

  describe('real logs', () => {
    const symptoms = (series: MetricSeries) => diagnose(series).symptoms.map(({ symptom }) => symptom);
    const flat = (x: number) => 0.5 + 1.5 * Math.exp(-12 * x);

    it('does not call a lucky evaluation the minimum, nor noise a rise', () => {
      const noise = normal(3);
      const lucky = [2.6, 2.5, 2.4, 2.3, 2.0, 2.32, 2.3, 2.31];
      const valLoss = { steps: lucky.map((_, i) => 100 * (i + 1)), values: lucky };
      const noisy = lucky.map((_, i) => 0.25 + 0.05 * noise() + 0.002 * i);
      const base = logSeries({ loss: (x) => 2 - 1.9 * x });
      nothing('overfitting', { ...base, curves: { ...base.curves, valLoss } });
      nothing('overfitting', {
        ...base,
        curves: { ...base.curves, valLoss: { ...valLoss, values: noisy } },
      });
    });

    it('does not call it overfitting where the training loss rose too', () => {
      const valLoss = (x: number) => (x < 0.6 ? 2 - 2 * x : 0.8 + 2 * (x - 0.6));
      found('overfitting', logSeries({ loss: (x) => 1.5 - 1.4 * x, valLoss }));
      nothing('overfitting', logSeries({ loss: (x) => 0.5 * valLoss(x), valLoss }));
    });

    it('does not mind a rise that undoes a hundredth of what the validation loss fell', () => {
      const valLoss = (x: number) => (x < 0.5 ? 1.5 - 2.98 * x : 0.01 + 0.02 * (x - 0.5));
      nothing('overfitting', logSeries({ loss: (x) => 1.5 * Math.exp(-9 * x), valLoss }));
    });

    it('sees a plateau only at a rate that stays, in a run that is over, of a loss that is known well enough', () => {
      const noise = normal(5);
      const constant = { loss: flat, lr: () => 1e-3 };
      found('late-plateau', logSeries(constant));
      nothing('late-plateau', logSeries({ loss: flat, lr: (x) => 1e-3 * (1 - 0.3 * x) }));
      unanswered('late-plateau', { ...logSeries(constant), plannedSteps: 3000 });
      nothing('late-plateau', logSeries({ ...constant, valLoss: (x) => 2 - x }));
      nothing('late-plateau', logSeries({ ...constant, loss: (x) => flat(x) + 0.4 * Math.abs(noise()) }));
    });

    it('does not hold the end of a noisy loss against a lucky first batch', () => {
      const noise = normal(7);
      const loss = (_: number, step: number) => (step <= 30 ? 1.1 : 2.2 + 0.5 * noise());
      nothing('loss-divergence', logSeries({ loss }));
    });

    it('does not call a training loss diverged while the validation loss stays down', () => {
      const harder = { loss: (x: number) => (x < 0.4 ? 3 - 2.5 * x : 2 + 1.5 * (x - 0.4)) };
      found('loss-divergence', logSeries(harder));
      nothing('loss-divergence', logSeries({ ...harder, valLoss: (x) => 2 - 0.5 * x }));
    });

    it('passes over spikes that only bring the first norms back, and a rare one that the loss did not feel', () => {
      const loss = (x: number) => 2 * Math.exp(-6 * x) + 0.001;
      const norm = (peak: number) => (x: number, step: number) =>
        step === 700 ? peak : 3 * Math.exp(-8 * x);
      nothing('gradient-explosion', logSeries({ loss, gradNorm: norm(3) }));
      found('gradient-explosion', logSeries({ loss, gradNorm: norm(30) }));
      nothing('gradient-explosion', logSeries({ loss, gradNorm: norm(30) }, 1000, 1));
    });

    it('names a divergence and none of its echoes', () => {
      const loss = (x: number) => 2 * Math.exp(20 * x);
      assert.deepEqual(symptoms(logSeries({ loss, valLoss: (x) => 2.1 * Math.exp(20 * x), lr: () => 1 })), [
        'loss-divergence',
      ]);
      const infinite = logSeries({ loss, gradNorm: (x) => (x < 0.8 ? 1 : Number.POSITIVE_INFINITY) });
      assert.equal(found('loss-divergence', infinite).evidence.kind, 'huge');
    });
  });

  describe('oscillation', () => {
    it('sees swings that come back', () => {
      const series = but({ probeLoss: (x) => (1.4 - 0.4 * x) * Math.exp(0.35 * Math.sin(40 * x)) });
      assert.ok(Number(found('oscillation', series).evidence.swings) >= 4);
    });

    it('does not take noise for swings', () => {
      const random = normal(11);
      nothing('oscillation', logSeries({ loss: (x) => falling(x, 0) * Math.exp(0.4 * random()) }));
    });
  });

  describe('vanishing-gradient', () => {
    it('sees a norm that dies while the loss stays', () => {
      found('vanishing-gradient', but({ gradNorm: (x) => 10 ** (-5 * x), probeLoss: (x) => 2.3 - 0.1 * x }));
    });

    it('does not mind a small norm at a small loss', () => {
      nothing('vanishing-gradient', but({ gradNorm: (x) => 10 ** (-5 * x) }));
    });
  });

  describe('dead-units', () => {
    it('sees units die where somebody counts them', () => {
      found('dead-units', but({ deadUnits: (x) => 0.1 + 0.7 * x }));
      nothing('dead-units', but({ deadUnits: () => 0.3 }));
    });

    it('cannot tell from a loss', () => unanswered('dead-units', healthy()));
  });

  describe('slow-convergence', () => {
    const slow = but({ lr: (x) => 0.005 * (1 - x), probeLoss: (x) => 2.3 - 0.8 * x });

    it('sees a run that ends behind its twin and says that its rate is lower', () => {
      assert.equal(found('slow-convergence', slow, healthy()).evidence.cause, 'too-small-steps');
    });

    it('leaves a higher rate to loss-divergence', () => {
      const fast = but({ lr: () => 1, probeLoss: (x) => 2.3 - 0.8 * x });
      nothing('slow-convergence', fast, healthy());
    });

    it('counts a run as behind near a noise floor, where most of the way is gone early', () => {
      const near = (floor: number) =>
        but({ probeLoss: (x) => floor + 2.3 * Math.exp(-20 * x), lr: () => 0.1 });
      assert.ok(Number(found('slow-convergence', near(0.03), near(0.02)).evidence.progress) > 0.97);
      nothing('slow-convergence', near(0.023), near(0.02));
    });

    it('does not call a run slow that was cut short', () => {
      nothing('slow-convergence', { ...slow, plannedSteps: 1000 }, healthy());
    });

    it('sees in a log only a loss that does not move, weakly', () => {
      const random = normal(2);
      const flat = logSeries({ loss: () => 2.3 + 0.004 * random() });
      assert.equal(found('slow-convergence', flat).confidence, 0.4);
      unanswered('slow-convergence', logSeries({ loss: falling }));
    });

    it('calls a loss unmoved whose validation loss only wiggles, and not one that is too noisy to say', () => {
      const random = normal(4);
      const loss = () => 2.4 + 0.02 * random();
      found('slow-convergence', logSeries({ loss, valLoss: () => 2.4 + 0.03 * random() }));
      unanswered('slow-convergence', logSeries({ loss, valLoss: (x) => 2.4 - 0.2 * x }));
      unanswered('slow-convergence', logSeries({ loss: () => 0.1 + 0.03 * Math.abs(random()) }));
    });

    it('sees a loss that leapt once and then stood, before a late plateau', () => {
      const random = normal(6);
      const thrown = logSeries({ loss: (x) => (x < 0.03 ? 60 : 2.3 + 0.005 * random()), lr: () => 0.3 });
      assert.equal(found('slow-convergence', thrown).evidence.kind, 'stuck');
      assert.deepEqual(
        diagnose(thrown).symptoms.map(({ symptom }) => symptom),
        ['slow-convergence'],
      );
      unanswered('slow-convergence', logSeries({ loss: (x) => (x < 0.03 ? 60 : 2.3 - 0.5 * x) }));
    });
  });
});
