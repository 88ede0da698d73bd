import { fineTuning } from './expected/fine-tuning.ts';
import { frameworks } from './expected/frameworks.ts';
import { research } from './expected/research.ts';
import type { Expected } from './expected/values.ts';

/** Fixtures of test-fixtures/, our own, each with the values a person reads out of it. */
export const expected: Readonly<Record<string, Expected>> = { ...fineTuning, ...frameworks, ...research };
