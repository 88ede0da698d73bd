import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { version } from '../version.ts';
import { runUntilParentEnds } from './process.ts';
import { trainingRunner } from './sanity/training-runner.ts';
import { startServer } from './server.ts';

/** Serves any editor over standard input and output, until the input ends. */
export function serveStdio(): void {
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  // Standard output belongs to the protocol: whatever anything prints goes to the editor's log instead.
  for (const level of ['log', 'info', 'debug', 'warn', 'error'] as const)
    console[level] = (...words: unknown[]) => connection.console.log(words.map(String).join(' '));
  runUntilParentEnds(connection);
  startServer(connection, { runner: trainingRunner(), version });
}
