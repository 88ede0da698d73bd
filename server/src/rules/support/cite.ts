import { type Text, text } from '../../text.ts';

/** A source as the tables hold it. */
export interface TableSource {
  readonly kind: 'source-document' | 'paper' | 'framework' | 'measurement';
  readonly ref: string;
  readonly section?: string;
}

/** Who says so, short enough for the middle of a message: `preference tables 2.3`, `Goyal et al. 2017`. */
export function cite(sources: readonly TableSource[]): Text {
  const [first] = sources;
  if (!first) return text('preference tables', '선호도 표');
  if (first.kind === 'source-document') {
    const section = first.section ? ` ${first.section}` : '';
    return text(`preference tables${section}`, `선호도 표${section}`);
  }
  if (first.kind === 'measurement') return text('measured on proxies', '대리 모델 측정 결과');
  const ref = first.kind === 'framework' ? shortFile(first.ref) : first.ref;
  return text(ref, ref);
}

/** `huggingface/trl trl/trainer/dpo_config.py` as `trl dpo_config.py`; other references stay as they are. */
function shortFile(ref: string): string {
  const match = /^[\w.-]+\/([\w.-]+) (?:\S*\/)?(\S+)$/.exec(ref);
  return match ? `${match[1]} ${match[2]}` : ref;
}
