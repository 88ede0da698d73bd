import type { MutableSettings } from '../../run/setting.ts';
import { text } from '../../text.ts';
import type { ConfigView } from '../dialect.ts';
import { key } from './bind.ts';
import { imply } from './imply.ts';
import { numberOf } from './numbers.ts';

/** Dotted keys under which a framework writes the dimensions of a transformer; the first that is there counts. */
export interface TransformerKeys {
  readonly layers: readonly string[];
  readonly width: readonly string[];
  readonly feedForward?: readonly string[];
  readonly vocabulary?: readonly string[];
}

/** A feed-forward block narrower than this many widths has three matrices (SwiGLU at 8/3), a wider one two. */
const gatedBelow = 3.9;

/**
 * Number of weights that a transformer's dimensions tell: 4·d² of attention and 2 or 3 matrices of d × f in each
 * layer, and the embedding (Kaplan et al. 2020, arXiv 2001.08361, table 1). Good to some 20 %: which rates are
 * usual depends on the order of magnitude.
 */
export function implySize(settings: MutableSettings, view: ConfigView, keys: TransformerKeys): void {
  const first = (names: readonly string[] = []) =>
    names.map((name) => numberOf(view.value(key(name)))).find((value) => value !== undefined && value > 0);
  const layers = first(keys.layers);
  const width = first(keys.width);
  if (!layers || !width) return;
  const feedForward = first(keys.feedForward) ?? 4 * width;
  const matrices = feedForward / width < gatedBelow ? 3 : 2;
  const weights =
    layers * (4 * width ** 2 + matrices * width * feedForward) + (first(keys.vocabulary) ?? 0) * width;
  imply(
    settings,
    { parameterCount: Math.round(weights) },
    text(`${layers} layers of width ${width}`, `너비 ${width}인 층 ${layers}개`),
  );
}
