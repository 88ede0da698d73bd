import type { Command } from './io.ts';

/** Each command is loaded when it is asked for: `lint` never waits for the language server or the runner. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  lint: async () => (await import('./lint.ts')).lintCommand,
  resolve: async () => (await import('./resolve.ts')).resolveCommand,
  rules: async () => (await import('./rules.ts')).rulesCommand,
  rule: async () => (await import('./rules.ts')).ruleCommand,
  tables: async () => (await import('./tables.ts')).tablesCommand,
  run: async () => (await import('./run.ts')).runCommand,
  sweep: async () => (await import('./sweep.ts')).sweepCommand,
  compare: async () => (await import('./compare.ts')).compareCommand,
  switch: async () => (await import('./switch.ts')).switchCommand,
  diagnose: async () => (await import('./diagnose.ts')).diagnoseCommand,
  snippet: async () => (await import('./snippet.ts')).snippetCommand,
  lsp: async () => (await import('./lsp.ts')).lspCommand,
};
