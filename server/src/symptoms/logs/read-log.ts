import { type Text, text } from '../../text.ts';
import type { MetricSeries } from '../metric-series.ts';
import { readDelimited } from './delimited.ts';
import { isEventFile, readEventFile } from './event-file.ts';
import { readJsonLines } from './json-lines.ts';
import { readTrainerState } from './trainer-state.ts';

export type LogFormat = 'trainer-state' | 'csv' | 'json-lines' | 'tensorboard';

export interface ReadLog {
  readonly format: LogFormat;
  readonly series: MetricSeries;
}

/**
 * Reads a training log of any known format, told by its content and not by its name. `problem` says in a sentence
 * what is wrong with it; nothing is thrown.
 */
export function readLog(bytes: Uint8Array): ReadLog | { readonly problem: Text } {
  const format = formatOf(bytes);
  if (!format)
    return {
      problem: text(
        'This is none of the logs that can be read: trainer_state.json, metrics.csv, results.csv, W&B history (CSV or JSON lines), TensorBoard events.',
        '읽을 수 있는 로그 형식이 아닙니다. trainer_state.json, metrics.csv, results.csv, W&B 기록(CSV 또는 JSON Lines), TensorBoard 이벤트 파일을 지원합니다.',
      ),
    };
  try {
    const series = readers[format](bytes);
    if (series) return { format, series };
  } catch (fault) {
    const reason = fault instanceof Error ? fault.message : String(fault);
    return {
      problem: text(`The log is damaged: ${reason}`, `로그가 손상되었습니다: ${reason}`),
    };
  }
  return {
    problem: text(
      'The log holds neither a loss nor a gradient norm under a name that is known.',
      '알려진 이름의 손실이나 그래디언트 노름이 로그에 없습니다.',
    ),
  };
}

const readers: Readonly<Record<LogFormat, (bytes: Uint8Array) => MetricSeries | undefined>> = {
  'trainer-state': (bytes) => readTrainerState(decode(bytes)),
  csv: (bytes) => readDelimited(decode(bytes)),
  'json-lines': (bytes) => readJsonLines(decode(bytes)),
  tensorboard: readEventFile,
};

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function formatOf(bytes: Uint8Array): LogFormat | undefined {
  if (isEventFile(bytes)) return 'tensorboard';
  const head = decode(bytes.subarray(0, 65_536));
  if (head.includes('\0')) return undefined;
  const begin = head.trimStart();
  if (begin.startsWith('{') || begin.startsWith('[')) {
    const firstLine = begin.slice(0, begin.search(/\r?\n|$/)).trim();
    const wholeObject = firstLine.startsWith('{') && firstLine.endsWith('}');
    return wholeObject && !firstLine.includes('"log_history"') ? 'json-lines' : 'trainer-state';
  }
  const header = begin.slice(0, begin.search(/\r?\n|$/));
  return header.includes(',') ? 'csv' : undefined;
}
