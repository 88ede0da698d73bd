import { type Text, text } from '../../text.ts';
import type { MetricSeries } from '../metric-series.ts';
import { readConsole } from './console.ts';
import { readDelimited } from './delimited.ts';
import { type EventFile, isEventFile, readEventFile, readEventFiles } from './event-file.ts';
import { readJsonDocument } from './json-document.ts';
import { readJsonLines } from './json-lines.ts';

export type LogFormat = 'json' | 'csv' | 'json-lines' | 'tensorboard' | 'console';

export interface ReadLog {
  readonly format: LogFormat;
  readonly series: MetricSeries;
}

/**
 * Reads a training log of any known format, told by its content and not by its name. `problem` says in a sentence
 * what is wrong with it; nothing is thrown.
 */
export function readLog(bytes: Uint8Array): ReadLog | { readonly problem: Text } {
  if (bytes.length === 0) return { problem: empty };
  if (isWandbStore(bytes)) return { problem: wandbStore };
  const formats = formatsOf(bytes);
  if (formats.length === 0) return { problem: unknownFormat };
  let problem: Text | undefined;
  for (const format of formats)
    try {
      const series = readers[format](bytes);
      if (series) return { format, series };
    } catch (fault) {
      problem ??= damaged(fault);
    }
  // What may as well be what a program printed is not called a damaged table.
  return { problem: formats.includes('console') ? unknownFormat : (problem ?? noMetric) };
}

/** A `run-….wandb` file of Weights & Biases begins with its name. */
function isWandbStore(bytes: Uint8Array): boolean {
  return decode(bytes.subarray(0, 4)) === ':W&B';
}

/** Several event files of one run, in the order they were written, as one log. */
export function readEventLogs(files: readonly EventFile[]): ReadLog | { readonly problem: Text } {
  try {
    const series = readEventFiles(files);
    return series ? { format: 'tensorboard', series } : { problem: noMetric };
  } catch (fault) {
    return { problem: damaged(fault) };
  }
}

function damaged(fault: unknown): Text {
  const reason = fault instanceof Error ? fault.message : String(fault);
  if (fault instanceof SyntaxError)
    return text(
      `The log is damaged: its JSON breaks off or is malformed (${reason}).`,
      `로그가 손상되었습니다. JSON이 중간에 끊겼거나 형식이 잘못되었습니다(${reason}).`,
    );
  return text(`The log is damaged: ${reason}`, `로그가 손상되었습니다: ${reason}`);
}

const unknownFormat = text(
  'This is none of the logs that can be read: trainer_state.json, metrics.csv, results.csv, W&B history (CSV or JSON lines), TensorBoard events, or lines with a loss as a training prints them.',
  '읽을 수 있는 로그 형식이 아닙니다. trainer_state.json, metrics.csv, results.csv, W&B 기록(CSV 또는 JSON Lines), TensorBoard 이벤트 파일, 손실이 적힌 콘솔 출력을 지원합니다.',
);
const empty = text('The file is empty.', '파일이 비어 있습니다.');
const wandbStore = text(
  'This is the binary store of Weights & Biases. Export the history of the run as CSV from its charts, or with `run.history().to_csv(…)`, and name that.',
  'Weights & Biases의 바이너리 저장 파일입니다. 차트에서 CSV로 내보내거나 `run.history().to_csv(…)`로 저장한 파일을 지정하세요.',
);
const noMetric = text(
  'The log holds neither a loss nor a gradient norm under a name that is known.',
  '알려진 이름의 손실이나 그래디언트 노름이 로그에 없습니다.',
);

const readers: Readonly<Record<LogFormat, (bytes: Uint8Array) => MetricSeries | undefined>> = {
  json: (bytes) => readJsonDocument(decode(bytes)),
  csv: (bytes) => readDelimited(decode(bytes)),
  'json-lines': (bytes) => readJsonLines(decode(bytes)),
  tensorboard: readEventFile,
  console: (bytes) => readConsole(decode(bytes)),
};

function decode(bytes: Uint8Array): string {
  // PowerShell's `>` writes UTF-16 with a byte order mark.
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

/** What the content may be, likeliest first; empty for a binary file. */
function formatsOf(bytes: Uint8Array): LogFormat[] {
  if (isEventFile(bytes)) return ['tensorboard'];
  const head = decode(bytes.subarray(0, 65_536));
  if (head.includes('\0')) return [];
  const begin = head.trimStart();
  const firstLine = begin.slice(0, begin.search(/\r?\n|$/)).trim();
  // `[INFO|2026-01-01]`, `[01/02 03:04:05]`: a list of rows begins with a brace.
  if (/^\[(?!\s*(\{|\]|$))/.test(begin)) return ['console'];
  // A dictionary as Python prints it has single quotes.
  if (/^\{\s*'/.test(begin)) return ['console'];
  if (begin.startsWith('{') || begin.startsWith('[')) {
    const wholeObject = firstLine.startsWith('{') && firstLine.endsWith('}');
    const lines = wholeObject && !firstLine.includes('"log_history"') && !/^\{"\w+": ?\[/.test(firstLine);
    return lines ? ['json-lines'] : ['json'];
  }
  return /[,;\t]/.test(firstLine) ? (isHeader(firstLine) ? ['csv'] : ['csv', 'console']) : ['console'];
}

/** Names, none of them a number: the first line of a table and not of what a program printed. */
function isHeader(line: string): boolean {
  const names = line.split(/[,;\t]/).map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
  return (
    names.length > 1 && names.every((name) => /^[a-z_%][\w /().:%@#-]*$|^$/i.test(name) && !/: /.test(name))
  );
}
