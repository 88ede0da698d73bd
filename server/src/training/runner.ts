import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { RunResult, RunSpec, StepRecord } from '@trainlint/kernels';
import type { Reply, Request } from './runner-messages.ts';
import type { KernelInfo, Runner, RunOptions } from './types.ts';

export interface RunnerOptions {
  /** The bundled `runner.js`, or the source when a loader for it is passed in `execArgv`. */
  readonly runnerPath: string;
  readonly execArgv?: readonly string[];
  /** Runs side by side; default 2, never more than the machine has cores. */
  readonly processes?: number;
  /** Milliseconds one run may take; default 60 000. */
  readonly timeLimit?: number;
  /** Megabytes of resident memory one process may take; default 512. */
  readonly memoryLimit?: number;
  /** Folder for what the processes prepare once, such as pre-trained weights; absent = each prepares it anew. */
  readonly cache?: string | undefined;
}

/** The process ended, ran out of time or memory, or the kernels refused the run. The message is for the user. */
export class RunnerError extends Error {}

/** Milliseconds a process has to stop a cancelled run; the kernels take at most 20. */
const patience = 250;

/** A process with at most one request under way. */
interface Worker {
  readonly child: ChildProcess;
  job: Job | undefined;
  errors: string;
}

interface Job {
  readonly request: Request;
  readonly priority: number;
  /** Called when a process takes it up: its time counts from then. */
  readonly onStart?: () => void;
  readonly onReply: (reply: Reply) => boolean;
  readonly reject: (fault: Error) => void;
}

/**
 * Trains in processes of its own, at most two at a time; further runs wait, those of lower priority numbers first. A
 * process serves one run after another and is thrown away when a run crashes, passes a limit or does not stop when it is
 * cancelled. Idle processes do not keep the program alive.
 */
export function createRunner(options: RunnerOptions): Runner {
  const limit = Math.max(1, Math.min(options.processes ?? 2, availableParallelism()));
  const timeLimit = options.timeLimit ?? 60_000;
  const workers = new Set<Worker>();
  const waiting: Job[] = [];
  let known: Promise<KernelInfo> | undefined;
  let closed = false;

  function start(): Worker {
    const child = fork(options.runnerPath, [], {
      execArgv: [...(options.execArgv ?? [])],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {
        ...process.env,
        TRAINLINT_RUNNER_MEMORY: String(options.memoryLimit ?? 512),
        TRAINLINT_RUNNER_CACHE: options.cache ?? '',
      },
    });
    const worker: Worker = { child, job: undefined, errors: '' };
    workers.add(worker);
    child.stderr?.on('data', (chunk: Buffer) => {
      worker.errors = (worker.errors + chunk.toString()).slice(-2000);
    });
    child.on('message', (reply) => {
      if (worker.job?.onReply(reply as Reply)) finish(worker);
    });
    child.on('error', (fault) =>
      drop(worker, new RunnerError(`the runner could not be started: ${fault.message}`)),
    );
    child.on('exit', (code, signal) =>
      drop(worker, new RunnerError(exitReason(code, signal, worker.errors))),
    );
    return worker;
  }

  function drop(worker: Worker, fault: Error): void {
    if (!workers.delete(worker)) return;
    worker.job?.reject(fault);
    worker.job = undefined;
    next();
  }

  function finish(worker: Worker): void {
    worker.job = undefined;
    setReferenced(worker.child, false);
    next();
  }

  function discard(job: Job): void {
    const at = waiting.indexOf(job);
    if (at >= 0) waiting.splice(at, 1);
    for (const worker of workers) if (worker.job === job) kill(worker);
    next();
  }

  function kill(worker: Worker): void {
    worker.job = undefined;
    workers.delete(worker);
    worker.child.kill('SIGKILL');
  }

  /** Ends a run and keeps its process, warm as it is, where that stops in time. */
  function cancelJob(job: Job): void {
    const worker = [...workers].find((each) => each.job === job);
    if (!worker) {
      discard(job);
      return;
    }
    const timer = setTimeout(() => {
      kill(worker);
      next();
    }, patience);
    timer.unref();
    worker.job = {
      ...job,
      onReply: (reply) => {
        if (reply.type !== 'result' && reply.type !== 'error') return false;
        clearTimeout(timer);
        return true;
      },
      reject: () => clearTimeout(timer),
    };
    worker.child.send({ type: 'cancel' } satisfies Request, (fault) => fault && kill(worker));
  }

  function next(): void {
    while (!closed && waiting.length > 0) {
      const idle = [...workers].find((worker) => !worker.job) ?? (workers.size < limit ? start() : undefined);
      if (!idle) return;
      const job = waiting.shift();
      if (!job) return;
      idle.job = job;
      job.onStart?.();
      setReferenced(idle.child, true);
      idle.child.send(job.request, (fault) => fault && drop(idle, new RunnerError(fault.message)));
    }
  }

  function enqueue(job: Job): void {
    if (closed) {
      job.reject(new RunnerError('the runner is closed'));
      return;
    }
    const after = waiting.findIndex(({ priority }) => priority > job.priority);
    waiting.splice(after < 0 ? waiting.length : after, 0, job);
    next();
  }

  function warm(): void {
    while (!closed && workers.size < limit) setReferenced(start().child, false);
  }

  function info(): Promise<KernelInfo> {
    known ??= new Promise<KernelInfo>((resolve, reject) =>
      enqueue({
        request: { type: 'info' },
        priority: Number.NEGATIVE_INFINITY,
        onReply: (reply) => {
          if (reply.type === 'error') reject(new RunnerError(reply.message));
          else if (reply.type === 'info') resolve(reply.info);
          else return false;
          return true;
        },
        reject,
      }),
    );
    known.catch(() => {
      known = undefined;
    });
    return known;
  }

  function run(spec: RunSpec, { onSteps, signal, priority = 0 }: RunOptions = {}): Promise<RunResult> {
    return new Promise<RunResult>((resolve, reject) => {
      const records: StepRecord[] = [];
      const began = performance.now();
      let timer: NodeJS.Timeout | undefined;
      const settle = (act: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
        act();
      };
      const cancel = () => {
        cancelJob(job);
        settle(() => resolve(cancelledResult(spec, records, (performance.now() - began) / 1000)));
      };
      const job: Job = {
        request: { type: 'run', spec },
        priority,
        onStart: () => {
          timer = setTimeout(() => {
            discard(job);
            const fault = `the run took longer than ${timeLimit / 1000} s and was stopped`;
            settle(() => reject(new RunnerError(fault)));
          }, timeLimit);
        },
        onReply: (reply) => {
          if (reply.type === 'steps') {
            records.push(...reply.records);
            try {
              onSteps?.(reply.records);
            } catch (fault) {
              discard(job);
              settle(() => reject(fault));
            }
            return false;
          }
          if (reply.type === 'result') settle(() => resolve({ ...reply.result, records }));
          else if (reply.type === 'error') settle(() => reject(new RunnerError(reply.message)));
          else return false;
          return true;
        },
        reject: (fault) => settle(() => reject(fault)),
      };
      if (signal?.aborted) return resolve(cancelledResult(spec, records, 0));
      signal?.addEventListener('abort', cancel, { once: true });
      enqueue(job);
    });
  }

  function close(): void {
    closed = true;
    for (const job of waiting.splice(0)) job.reject(new RunnerError('the runner was closed'));
    for (const worker of [...workers]) {
      drop(worker, new RunnerError('the runner was closed'));
      worker.child.kill('SIGKILL');
    }
  }

  return { info, run, warm, close };
}

/** One run in a process of its own. */
export async function startRun(spec: RunSpec, options: RunnerOptions & RunOptions): Promise<RunResult> {
  const runner = createRunner({ ...options, processes: 1 });
  try {
    return await runner.run(spec, options);
  } finally {
    runner.close();
  }
}

/** An idle process must not hold the event loop of whoever started it. */
function setReferenced(child: ChildProcess, held: boolean): void {
  const handles = [
    child,
    child.channel,
    child.stderr as unknown as { ref?: () => void; unref?: () => void } | null,
  ];
  for (const handle of handles) held ? handle?.ref?.() : handle?.unref?.();
}

function exitReason(code: number | null, signal: string | null, errors: string): string {
  const how = signal ? `by signal ${signal}` : `with code ${code}`;
  const last = errors
    .trim()
    .split('\n')
    .findLast((line) => line.trim() !== '' && !line.startsWith('    at '));
  return `the runner process ended ${how}${last ? `: ${last.trim()}` : ''}`;
}

function cancelledResult(spec: RunSpec, records: StepRecord[], seconds: number): RunResult {
  const broken = records.find(({ loss, gradNorm }) => !Number.isFinite(loss) || !Number.isFinite(gradNorm));
  return {
    records,
    initial: {},
    finite: !broken,
    ...(broken && { nonFiniteAt: broken.step }),
    cancelled: true,
    seconds,
    backend: '',
    proxy: spec.proxy,
    parameterCount: 0,
    stateBytes: 0,
  };
}
