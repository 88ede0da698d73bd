import type pc from 'picocolors';
import type { ConfigDocument } from '../../document/types.ts';
import type { ConfigFile } from '../../engine/config-file.ts';
import type { Fix } from '../../engine/fix.ts';
import type { LintFinding, NotRun } from '../../engine/lint.ts';
import type { Text } from '../../text.ts';
import type { CliIo } from '../io.ts';
import { github } from './github.ts';
import { json } from './json.ts';
import { pretty } from './pretty.ts';
import { sarif } from './sarif.ts';

export interface FixableFinding extends LintFinding {
  readonly fixes: readonly Fix[];
}

/** One file's result. Without `document` it is no training config and nothing is said about it. */
export interface LintedFile {
  readonly name: string;
  readonly document?: ConfigDocument;
  readonly config?: ConfigFile;
  readonly findings: readonly FixableFinding[];
  readonly notRun: readonly NotRun[];
  readonly suppressed: number;
  /** Why the file was not read at all. */
  readonly unread?: Text;
}

/** Prints a whole result on `io.stdout`. */
export type Format = (files: readonly LintedFile[], io: CliIo) => void;

export const formats: Readonly<Record<string, Format>> = { pretty, json, sarif, github };

/** The colours of a terminal that has them, or none. */
export type Colors = ReturnType<typeof pc.createColors>;
