import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { version } from '../version.ts';
import { runUntilParentEnds } from './process.ts';
import { trainingRunner } from './sanity/training-runner.ts';
import { startServer } from './server.ts';

/** The language server as the editor forks it: node IPC, `--stdio` or `--socket` by its arguments. */
const connection = createConnection(ProposedFeatures.all);
runUntilParentEnds(connection);
startServer(connection, { runner: trainingRunner(), version });
