import type { ProxyInfo, RunSpec, StepRecord } from '@trainlint/kernels';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { runUntilParentEnds } from '../../../src/lsp/process.ts';
import { startServer } from '../../../src/lsp/server.ts';
import { sanityRun } from '../../../src/training/sanity-run.ts';
import { trySwitching } from '../../../src/training/switching.ts';
import type { Runner } from '../../../src/training/types.ts';

/**
 * The language server over stdio with kernels that compute nothing: the loss falls smoothly below four times the
 * reference's rate and turns NaN at step 10 above it. A first seed of 7 makes them fail, and runs with seed 99 do not
 * end until they are cancelled.
 */
const proxy: ProxyInfo = {
  id: 'bert',
  description: 'nothing at all',
  parameterCount: 1000,
  defaultSteps: 60,
  defaultBatchSize: 32,
  reference: { optimizer: { kind: 'adamw' }, learningRate: 1e-3, schedule: 'linear', warmupFraction: 0.1 },
  dropout: false,
  metrics: [],
};

const runner: Runner = {
  info: () => Promise.resolve({ proxies: [proxy], backend: 'scripted' }),
  run: async (spec, { onSteps, signal } = {}) => {
    if (spec.seed === 7) throw new Error('the scripted kernels do not like the seed 7');
    const records: StepRecord[] = [];
    for (const record of script(spec)) {
      records.push(record);
      onSteps?.([record]);
      await new Promise((go) => setTimeout(go, spec.seed === 99 ? 20 : 0));
      if (signal?.aborted) break;
    }
    const broken = records.find(({ loss }) => !Number.isFinite(loss));
    return {
      records,
      initial: { probeLoss: 2, valLoss: 2 },
      finite: !broken,
      ...(broken ? { nonFiniteAt: broken.step } : {}),
      cancelled: signal?.aborted ?? false,
      seconds: 0.01,
      backend: 'scripted',
      proxy: spec.proxy,
      parameterCount: 1000,
      stateBytes: 8000,
    };
  },
  close: () => undefined,
};

function* script({ learningRates, steps, seed }: RunSpec): Generator<StepRecord> {
  const diverges = Math.max(...learningRates) > 4 * proxy.reference.learningRate;
  for (let step = 1; step <= steps || seed === 99; step++) {
    const loss = diverges && step >= 10 ? Number.NaN : 2 * Math.exp(-step / 20);
    yield {
      step,
      loss,
      gradNorm: 1,
      lr: learningRates[step - 1] ?? 0,
      updateRatio: 1e-3,
      probeLoss: loss,
      valLoss: loss,
    };
    if (Number.isNaN(loss)) return;
  }
}

const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
runUntilParentEnds(connection);
startServer(connection, {
  runner: {
    run: (run, options) => sanityRun(run, { ...options, runner }),
    trySwitching: (run, options) => trySwitching(run, { ...options, runner }),
    close: () => undefined,
  },
  version: 'test',
});
