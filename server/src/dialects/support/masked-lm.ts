import type { MutableSettings } from '../../run/setting.ts';
import { text } from '../../text.ts';
import type { ConfigView } from '../dialect.ts';
import { key } from './bind.ts';
import { imply } from './imply.ts';
import { numberOf } from './numbers.ts';

/**
 * A file that says `said` trains a BERT-like encoder to find hidden tokens, from random weights or from a checkpoint.
 * To be called before what a tool is usually for is implied.
 */
export function trainsMaskedModel(settings: MutableSettings, said: string, fromScratch?: boolean): void {
  imply(
    settings,
    { objective: 'masked-lm', domain: 'nlp', architecture: 'bert', fromScratch },
    text(`\`${said}\` says masked language modelling`, `\`${said}\`: 마스크 언어 모델 학습`),
  );
}

/** The key that gives masking away in transformers' scripts and collators: `mlm: true`, or a share of tokens to hide. */
export function maskingKey(view: ConfigView, ...keys: readonly string[]): string | undefined {
  return keys.find((name) => view.boolean(key(name)) === true || (numberOf(view.value(key(name))) ?? 0) > 0);
}
