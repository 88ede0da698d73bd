import type { ConfigView, Dialect, LoaderFacts, Recognition, RunLayout } from '../dialects/dialect.ts';
import type { UnknownWord } from '../dialects/unknown-words.ts';
import type { ConfigDocument } from '../document/types.ts';
import type { Severity } from '../knowledge/ids.ts';
import type { TrainingRun } from '../run/training-run.ts';
import type { ProjectSettings } from './project-settings.ts';

/** A file that is certainly a training config, understood. */
export interface ConfigFile {
  readonly fileName: string;
  readonly document: ConfigDocument;
  readonly dialect: Dialect;
  readonly recognition: Recognition;
  readonly loader: LoaderFacts;
  /** One view per root of the document. */
  readonly views: readonly ConfigView[];
  readonly runs: readonly TrainingRun[];
  /** The layout each run was read by, same order as `runs`; used to write changes back. */
  readonly layouts: readonly RunLayout[];
  /** Names of optimizers, schedules and precisions that look like slips of ones the framework knows. */
  readonly unknownWords: () => readonly UnknownWord[];
  readonly project: ProjectSettings;
  /** Levels the project sets for rules in this file. */
  readonly levels: Readonly<Record<string, Severity | 'off'>>;
}
