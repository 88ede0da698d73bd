import { parseArgs } from 'node:util';
import { type CliIo, UsageError } from './io.ts';

/** `trainlint lsp --stdio`: serves until the editor ends the input. Never resolves by itself. */
export async function lspCommand(args: string[], _io: CliIo): Promise<number> {
  const { values } = parseArgs({ args, options: { stdio: { type: 'boolean', default: false } } });
  if (!values.stdio) throw new UsageError('expected --stdio');
  const { serveStdio } = await import('../lsp/stdio.ts');
  serveStdio();
  return await new Promise<number>(() => {});
}
