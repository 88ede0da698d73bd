import type { Language } from '../text.ts';

/** The command line's outside world, handed in so that tests can look at it. */
export interface CliIo {
  /** Results only. */
  readonly stdout: NodeJS.WritableStream;
  /** Progress and errors. */
  readonly stderr: NodeJS.WritableStream;
  readonly color: boolean;
  readonly lang: Language;
  readonly cwd: string;
  /** Whether stderr is a terminal that can redraw a line. */
  readonly isTTY: boolean;
  /** Columns of the terminal, 80 where unknown. */
  readonly width?: number;
  readonly stdin?: NodeJS.ReadableStream;
}

/** A command; resolves to the exit code. */
export type Command = (args: string[], io: CliIo) => Promise<number>;

/** Wrong words on the command line: exit code 2 with a line of help. */
export class UsageError extends Error {
  readonly code = 'ERR_TRAINLINT_USAGE';
}

/** Ours or `parseArgs`': the user's slip, not our fault. Told by code, which survives bundling and module loaders. */
export function isUsageError(fault: unknown): fault is Error {
  const code = (fault as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^ERR_(TRAINLINT_USAGE|PARSE_ARGS)/.test(code);
}
