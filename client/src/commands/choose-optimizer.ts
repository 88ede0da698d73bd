import * as vscode from 'vscode';
import type {
  ApplyFixResult,
  ApplyOptimizerParams,
  ChooseOptimizerParams,
  OptimizerAdvice,
  OptimizerChoices,
} from '../../../server/src/lsp/protocol.ts';
import { method } from '../methods.ts';
import { t } from '../translate.ts';
import type { Parts } from './register.ts';

interface Answer extends vscode.QuickPickItem {
  readonly id: string;
}

/** Walks the decision tree question by question and ends in an edit of the open config. */
export async function chooseOptimizer({ client }: Parts, uri: vscode.Uri | undefined): Promise<void> {
  if (!uri) return;
  const editor = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === uri.toString(),
  );
  const offset = editor ? editor.document.offsetAt(editor.selection.active) : 0;
  const answers: string[] = [];
  for (;;) {
    const params: ChooseOptimizerParams = { uri: uri.toString(), offset, answers };
    const next = await client.sendRequest<OptimizerChoices | null>(method.chooseOptimizer, params);
    if (!next) return;
    if (next.kind === 'advice') {
      const chosen = await pickOptimizer(next.optimizers);
      if (chosen) await apply(client, { uri: uri.toString(), offset, optimizer: chosen.id });
      return;
    }
    const answer = await pickAnswer(next);
    if (answer === undefined) return;
    answers.push(answer);
  }
}

async function pickAnswer(question: OptimizerChoices & { kind: 'question' }): Promise<string | undefined> {
  const picked = await vscode.window.showQuickPick<Answer>(
    question.options.map(({ id, label, detail }) => ({ id, label, ...(detail ? { detail } : {}) })),
    { title: t('Choose an optimizer'), placeHolder: question.question },
  );
  return picked?.id;
}

async function pickOptimizer(advice: readonly OptimizerAdvice[]): Promise<OptimizerAdvice | undefined> {
  const picked = await vscode.window.showQuickPick(
    advice.map((one) => ({
      label: one.name,
      detail: one.why,
      ...(one.applicable ? {} : { description: t('this framework has no name for it') }),
      one,
    })),
    { title: t('Choose an optimizer'), placeHolder: t('Picking one writes it into the config.') },
  );
  return picked?.one;
}

async function apply(client: Parts['client'], params: ApplyOptimizerParams): Promise<void> {
  const { applied, why } = await client.sendRequest<ApplyFixResult>(method.applyOptimizer, params);
  if (!applied) void vscode.window.showWarningMessage(why ?? t('The config could not be changed.'));
}
