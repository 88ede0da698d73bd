import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver/node';
import type { ConfigDocument, Span } from '../../document/types.ts';
import type { FieldId } from '../../run/fields.ts';
import type { TrainingRun } from '../../run/training-run.ts';
import { type Language, text } from '../../text.ts';
import type { Analysis } from '../analysis.ts';
import { toRange } from '../convert.ts';
import { shown } from './field-documentation.ts';
import { fieldWords } from './field-words.ts';

/** The outline in the terms of training: each run with the settings the file states, in the order they stand. */
export function documentSymbols(analysis: Analysis, language: Language): DocumentSymbol[] {
  const { file, document } = analysis.opened;
  if (!file || !document) return [];
  return file.runs.flatMap((run, index) => {
    const children = statedSettings(run, document, language);
    if (children.length === 0) return [];
    const all = {
      start: Math.min(...children.map(({ span }) => span.start)),
      end: Math.max(...children.map(({ span }) => span.end)),
    };
    const name =
      run.label ||
      (file.runs.length > 1 ? text(`run ${index + 1}`, `학습 ${index + 1}`) : trainingRun)[language];
    return [
      {
        name,
        detail: file.dialect.name,
        kind: SymbolKind.Module,
        range: toRange(document, all),
        selectionRange: toRange(document, { start: all.start, end: all.start }),
        children: children.map(({ symbol }) => symbol),
      },
    ];
  });
}

const trainingRun = text('training run', '학습');

function statedSettings(run: TrainingRun, document: ConfigDocument, language: Language) {
  const found: { span: Span; symbol: DocumentSymbol }[] = [];
  for (const [field, setting] of Object.entries(run.settings)) {
    if (setting.from !== 'file' || !setting.span) continue;
    const range = toRange(document, setting.span);
    const name = fieldWords[field as FieldId][language];
    const detail = shown(setting.value);
    found.push({
      span: setting.span,
      symbol: { name, detail, kind: SymbolKind.Property, range, selectionRange: range },
    });
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}
