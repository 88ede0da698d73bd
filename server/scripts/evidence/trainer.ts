/** Trains specs, two side by side, each once. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { type RunResult, type RunSpec, RunSpecError, train } from '@trainlint/kernels';

export interface Trainer {
  readonly train: (spec: RunSpec) => Promise<RunResult>;
  /** Whether the proxy knows this kind of data and settings; trains a single step. */
  readonly accepts: (spec: RunSpec) => Promise<boolean>;
  /** Runs that were trained so far, repetitions not counted. */
  readonly count: () => number;
  /** Forgets the results; those of another proxy are of no use. */
  readonly forget: () => void;
}

/**
 * With a `folder`, results are kept there and an interrupted evaluation goes on where it stopped: same spec, same
 * curve. The folder does not know which kernels it came from: delete it when they change.
 */
export function createTrainer(folder?: string, sideBySide = 2): Trainer {
  if (folder) mkdirSync(folder, { recursive: true });
  const results = new Map<string, Promise<RunResult>>();
  const waiting: (() => void)[] = [];
  let busy = 0;
  let count = 0;
  async function trainNow(spec: RunSpec, key: string): Promise<RunResult> {
    const file = folder && join(folder, createHash('sha256').update(key).digest('hex'));
    if (file && existsSync(file)) return deserialize(readFileSync(file)) as RunResult;
    if (busy >= sideBySide) await new Promise<void>((resolve) => waiting.push(resolve));
    busy++;
    try {
      count++;
      const result = await train(spec);
      if (file) writeFileSync(file, serialize(result));
      return result;
    } finally {
      busy--;
      waiting.shift()?.();
    }
  }
  return {
    train(spec) {
      const key = JSON.stringify(spec);
      const known = results.get(key);
      if (known) return known;
      const result = trainNow(spec, key);
      results.set(key, result);
      return result;
    },
    async accepts(spec) {
      try {
        await train({ ...spec, steps: 1, learningRates: [spec.learningRates[0] ?? 0] });
        return true;
      } catch (fault) {
        if (fault instanceof RunSpecError) return false;
        throw fault;
      }
    },
    count: () => count,
    forget: () => results.clear(),
  };
}
