import type { RunResult, RunSpec, StepRecord } from '@trainlint/kernels';
import type { KernelInfo } from './types.ts';

/** What goes to a runner process. It works on one request at a time, in order; `cancel` ends the one under way. */
export type Request =
  | { readonly type: 'info' }
  | { readonly type: 'run'; readonly spec: RunSpec }
  | { readonly type: 'cancel' };

/** What comes back. A `result` has no records: they went before it in `steps`. */
export type Reply =
  | { readonly type: 'info'; readonly info: KernelInfo }
  | { readonly type: 'steps'; readonly records: readonly StepRecord[] }
  | { readonly type: 'result'; readonly result: Omit<RunResult, 'records'> }
  | { readonly type: 'error'; readonly message: string };
