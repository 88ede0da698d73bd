import { type Curve, curveOf, type MetricId, type MetricSeries } from '../../src/symptoms/metric-series.ts';

/** A repeatable stream of numbers in [0, 1) (mulberry32), so that noisy curves are the same on every machine. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

/** Standard normal values (Box and Muller). */
export function normal(seed: number): () => number {
  const next = random(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

type Shape = (x: number, step: number) => number;

/** A proxy's series of `steps` steps from functions of the share of the run; `probeLoss` every second step from 0. */
export function proxySeries(shapes: { readonly [M in MetricId]?: Shape }, steps = 200): MetricSeries {
  const curves: { [M in MetricId]?: Curve } = {};
  for (const [metric, shape] of Object.entries(shapes) as [MetricId, Shape][]) {
    const every = metric === 'probeLoss' ? 2 : metric === 'valLoss' ? steps / 20 : 1;
    const from = metric === 'probeLoss' ? 0 : every;
    const points: [number, number][] = [];
    for (let step = from; step <= steps; step += every) points.push([step, shape(step / steps, step)]);
    curves[metric] = curveOf(points);
  }
  return { curves, unit: 'step', origin: 'proxy', plannedSteps: steps };
}

/** A log's series: the same values at every `every`-th step, without a probe. */
export function logSeries(
  shapes: { readonly [M in MetricId]?: Shape },
  steps = 1000,
  every = 10,
): MetricSeries {
  const curves: { [M in MetricId]?: Curve } = {};
  for (const [metric, shape] of Object.entries(shapes) as [MetricId, Shape][]) {
    const points: [number, number][] = [];
    for (let step = every; step <= steps; step += every) points.push([step, shape(step / steps, step)]);
    curves[metric] = curveOf(points);
  }
  return { curves, unit: 'step', origin: 'log' };
}

/** A loss that falls from 2.3 to about 0.5. */
export const falling: Shape = (x) => 0.5 + 1.8 * Math.exp(-5 * x);

/** A healthy proxy run with a decaying rate. */
export function healthy(steps = 200): MetricSeries {
  const noise = normal(1);
  return proxySeries(
    {
      loss: (x) => falling(x, 0) + 0.05 * noise(),
      probeLoss: falling,
      valLoss: (x) => falling(x, 0) + 0.02,
      gradNorm: (x) => (1 + Math.exp(-3 * x)) * (1 + 0.2 * Math.abs(noise())),
      lr: (x) => 0.1 * (1 - x),
      updateRatio: (x) => 1e-2 * (1 - 0.9 * x),
    },
    steps,
  );
}
