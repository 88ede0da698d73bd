import { dialects } from '../../dialects/registry.ts';
import { formatCount, formatNumber } from '../../rules/support/numbers.ts';
import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { type Language, text } from '../../text.ts';
import type { Analysis } from '../analysis.ts';
import type { FileStatus } from '../protocol.ts';

/** What the status bar says about a file: recognised as what and why, or why nothing is said about it. */
export function fileStatus(analysis: Analysis, language: Language): FileStatus {
  const { file } = analysis.opened;
  if (!file) return { kind: 'none', why: analysis.silent?.[language] ?? '', dialects: dialectNames() };
  const { findings, suppressed, notRun } = analysis.lint();
  return {
    kind: 'config',
    version: analysis.version,
    dialect: { id: file.dialect.id, name: file.dialect.name },
    confidence: file.recognition.confidence,
    reasons: file.recognition.reasons.map((reason) => reason[language]),
    runs: file.runs.map((run) => runLine(run, language)),
    findings: findings.length,
    suppressed: suppressed.length,
    notRun: notRun.map(({ rule, why }) => ({ rule, why: why[language] })),
    dialects: dialectNames(),
  };
}

function dialectNames(): { id: string; name: string }[] {
  return dialects.map(({ id, name }) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
}

/** `generator: Adam, learning rate 2e-4, batch 64, 10,000 steps, cosine` */
export function runLine(run: TrainingRun, language: Language): string {
  const rate = valueOf(run, 'learningRate');
  const batch = valueOf(run, 'globalBatch');
  const steps = valueOf(run, 'totalSteps');
  const parts = [
    valueOf(run, 'optimizer'),
    rate && text(`learning rate ${formatNumber(rate)}`, `학습률 ${formatNumber(rate)}`)[language],
    batch && text(`batch ${formatCount(batch)}`, `배치 ${formatCount(batch)}`)[language],
    steps && text(`${formatCount(steps)} steps`, `${formatCount(steps)}스텝`)[language],
    valueOf(run, 'schedule'),
  ];
  const label = run.label ? `${run.label}: ` : '';
  return `${label}${parts.filter(Boolean).join(', ')}`;
}
