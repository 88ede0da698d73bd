import type { TrainingRun } from '../../run/training-run.ts';
import type { Say } from '../python.ts';

/** The file a snippet is made for. */
export interface SnippetSource {
  /** As the user knows it, with `/`. */
  readonly fileName: string;
  /** Id of its dialect, and the name of the framework. */
  readonly dialect: string;
  readonly framework: string;
}

export interface AdapterContext extends SnippetSource {
  readonly run: TrainingRun;
  readonly say: Say;
}

/**
 * How a framework's model, batches and loss are had: the body of Python's `build()`, without its indent, which ends in
 * `return model, batches, loss`. Lines to fill in say EDIT.
 */
export type Adapter = (context: AdapterContext) => string;
