import type { Connection } from 'vscode-languageserver/node';
import { describe } from './guard.ts';

/** Ends the process with the editor that started it, and keeps one stray fault from ending it earlier. */
export function runUntilParentEnds(connection: Connection): void {
  process.on('disconnect', () => process.exit(0));
  const report = (fault: unknown) => {
    // A broken pipe means that nobody is there to report to.
    const code = (fault as { code?: string } | null)?.code;
    if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') process.exit(0);
    connection.console.error(`unexpected fault: ${describe(fault)}`);
  };
  process.on('uncaughtException', report);
  process.on('unhandledRejection', report);
}
