import type { Connection } from 'vscode-languageserver/node';
import { rulePage } from '../rules/page.ts';
import { ruleById } from '../rules/registry.ts';
import { text } from '../text.ts';
import { toEdits } from './convert.ts';
import { chooseOptimizer, switchEdits } from './features/choose-optimizer.ts';
import { workspaceEdit } from './features/code-actions.ts';
import { snippetOf } from './features/own-model.ts';
import { fileStatus } from './features/status.ts';
import { guardFor } from './guard.ts';
import {
  type ApplyFixParams,
  type ApplyFixResult,
  type ApplyOptimizerParams,
  type ChooseOptimizerParams,
  type DiagnoseLogParams,
  type FileStatus,
  type FindLogsParams,
  type FoundLog,
  type LogDiagnosis,
  type MeasurementParams,
  type MeasurementRead,
  method,
  type OptimizerChoices,
  type OwnModelParams,
  type OwnModelSnippet,
  type RuleDocs,
  type RuleDocsParams,
  type RunDone,
  type RunParams,
  type StatusParams,
  type SwitchingParams,
  type SwitchingResult,
} from './protocol.ts';
import { diagnoseLog, logsOf } from './sanity/log-diagnosis.ts';
import type { LogResults } from './sanity/log-results.ts';
import type { Measurements } from './sanity/measurements.ts';
import type { RunService } from './sanity/run-service.ts';
import type { Session } from './session.ts';

/** The requests of `protocol.ts`: what our own client asks beyond the LSP. */
export function handleRequests(
  connection: Connection,
  session: Session,
  service: RunService,
  {
    measurements,
    logs,
    changed,
  }: {
    readonly measurements: Measurements;
    readonly logs: LogResults;
    readonly changed: () => void;
  },
): void {
  const guard = guardFor(connection);
  const notApplied: ApplyFixResult = { applied: false };

  connection.onRequest<FileStatus | null, void>(
    method.status,
    guard('status', null, async ({ uri }: StatusParams) => {
      const open = await session.open(uri);
      return open ? fileStatus(open.analysis, open.language) : null;
    }),
  );
  connection.onRequest<RuleDocs, void>(
    method.ruleDocs,
    guard('rule docs', null, async ({ rule, uri }: RuleDocsParams) => {
      const found = ruleById(rule);
      if (!found) return null;
      const language = session.languageOf(await session.settingsOf(uri));
      return { title: rule, markdown: rulePage(found, language) };
    }),
  );
  // Not guarded: it never rejects, and its cancellation ends the training, not the answer.
  connection.onRequest(method.run, async (params: RunParams, token): Promise<RunDone | null> => {
    const open = await session.open(params.uri);
    return open ? service.run(open, params, token) : null;
  });
  connection.onRequest(
    method.switching,
    async (params: SwitchingParams, token): Promise<SwitchingResult | null> => {
      const open = await session.open(params.uri);
      return open ? service.switching(open, params, token) : null;
    },
  );
  connection.onRequest<ApplyFixResult, void>(
    method.applyFix,
    guard('apply fix', notApplied, (params: ApplyFixParams) => service.apply(params)),
  );
  connection.onRequest<OwnModelSnippet, void>(
    method.ownModelSnippet,
    guard('own model snippet', null, async ({ uri, run }: OwnModelParams) => {
      const open = await session.open(uri);
      return open ? snippetOf(open.analysis, run ?? 0, open.language) : null;
    }),
  );
  connection.onRequest<MeasurementRead | null, void>(
    method.readMeasurement,
    guard('read measurement', null, async ({ uri, output }: MeasurementParams) => {
      const open = await session.open(uri);
      if (!open) return null;
      const read = measurements.read(open.analysis, output, open.language);
      if (read.read) changed();
      return read;
    }),
  );
  connection.onRequest<FoundLog[], void>(
    method.findLogs,
    guard('find logs', [], async ({ uri }: FindLogsParams) => {
      const open = await session.open(uri);
      return open ? logsOf(open, session.projects) : [];
    }),
  );
  connection.onRequest<LogDiagnosis | null, void>(
    method.diagnoseLog,
    guard('diagnose log', null, async (params: DiagnoseLogParams) => {
      const open = await session.open(params.uri);
      if (!open) return null;
      const answer = diagnoseLog(open, params, logs);
      changed();
      return answer;
    }),
  );
  connection.onRequest<null, void>(
    method.forgetLog,
    guard('forget log', null, async ({ uri }: FindLogsParams) => {
      logs.forget(uri);
      changed();
      return null;
    }),
  );
  connection.onRequest<OptimizerChoices | null, void>(
    method.chooseOptimizer,
    guard('choose optimizer', null, async ({ uri, offset, answers }: ChooseOptimizerParams) => {
      const open = await session.open(uri);
      return open ? chooseOptimizer(open.analysis, answers, offset, open.language) : null;
    }),
  );
  connection.onRequest<ApplyFixResult, void>(
    method.applyOptimizer,
    guard('apply optimizer', notApplied, async ({ uri, offset, optimizer }: ApplyOptimizerParams) => {
      const open = await session.open(uri);
      const { file, document } = open?.analysis.opened ?? {};
      const made = switchEdits(file, optimizer, offset);
      if (!open || !document || !made) return { applied: false, why: noWay[open?.language ?? 'en'] };
      const { applied } = await connection.workspace.applyEdit({
        label: made.change.title[open.language],
        edit: workspaceEdit(open.analysis, toEdits(document, made.edits), session.features.documentChanges),
      });
      return { applied };
    }),
  );
}

const noWay = text(
  'This file cannot be switched: its framework has no name for that optimizer, or it uses it already.',
  '바꿀 수 없습니다. 프레임워크에 해당 옵티마이저 이름이 없거나 이미 사용 중입니다.',
);
