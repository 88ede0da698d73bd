import type {
  method as serverMethod,
  ruleDocsScheme as serverScheme,
} from '../../server/src/lsp/protocol.ts';

/**
 * The names of our requests and notifications. The client takes nothing from the server but types, and these types
 * are literal: a name that differs from the server's does not compile.
 */
export const method: typeof serverMethod = {
  status: 'trainlint/status',
  trusted: 'trainlint/trusted',
  ruleDocs: 'trainlint/ruleDocs',
  run: 'trainlint/run',
  runSpec: 'trainlint/runSpec',
  runSteps: 'trainlint/runSteps',
  runSymptom: 'trainlint/runSymptom',
  runFix: 'trainlint/runFix',
  runStale: 'trainlint/runStale',
  applyFix: 'trainlint/applyFix',
  switching: 'trainlint/switching',
  findLogs: 'trainlint/findLogs',
  diagnoseLog: 'trainlint/diagnoseLog',
  forgetLog: 'trainlint/forgetLog',
  chooseOptimizer: 'trainlint/chooseOptimizer',
  applyOptimizer: 'trainlint/applyOptimizer',
  ownModelSnippet: 'trainlint/ownModelSnippet',
  readMeasurement: 'trainlint/readMeasurement',
};

export const ruleDocsScheme: typeof serverScheme = 'trainlint-rule';
