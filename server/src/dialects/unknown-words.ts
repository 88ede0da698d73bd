import type { Path, Span } from '../document/types.ts';
import { editDistance } from '../edit-distance.ts';
import { isOptimizerId } from '../knowledge/ids.ts';
import { optimizerByFrameworkName, parseOptimizer } from '../knowledge/optimizers.ts';
import type { FieldId } from '../run/fields.ts';
import type { ConfigView, FieldBinding, RunLayout } from './dialect.ts';
import { plainValue } from './read.ts';
import { choicesOf, spellingOf } from './spellings.ts';

/** A word the framework has no meaning for, one slip away from one it has. */
export interface UnknownWord {
  readonly root: number;
  readonly path: Path;
  readonly span: Span;
  readonly word: string;
  readonly meant: string;
}

/** Shorter words are too close to others by chance: `adan` is an optimizer of its own, not a slip of `adam`. */
const shortest = 5;
const longEnoughForTwo = 8;

/**
 * The names of optimizers, schedules and precisions in one run that its framework does not know and that look like
 * a slip. A name far from every known one is left alone: frameworks take names from plugins.
 */
export function unknownWords(dialect: string, layout: RunLayout, view: ConfigView): readonly UnknownWord[] {
  const found: UnknownWord[] = [];
  for (const one of layout.bindings) {
    const binding = one as FieldBinding<FieldId>;
    const choices = choicesOf(binding.field);
    if (choices.length === 0 || binding.readOnly || typeof choices[0] === 'boolean') continue;
    for (const path of binding.paths) {
      const node = view.at(path);
      const loaded = view.value(path);
      if (node?.kind !== 'scalar' || loaded?.kind !== 'string') continue;
      const word = loaded.value;
      if (word.length < shortest || isKnown(dialect, binding, view, path, word)) continue;
      const meant = nearest(
        word,
        choices.flatMap((value) => spellingOf(view, path, binding, value) ?? []),
      );
      if (meant !== undefined) found.push({ root: view.root, path: node.path, span: node.span, word, meant });
    }
  }
  return found;
}

function isKnown(
  dialect: string,
  binding: FieldBinding<FieldId>,
  view: ConfigView,
  path: Path,
  word: string,
): boolean {
  const loaded = { kind: 'string', value: word } as const;
  const value = binding.read ? binding.read(loaded, view, path) : plainValue(binding.field, loaded);
  if (binding.field === 'optimizer')
    return (
      optimizerByFrameworkName(word, dialect) !== undefined ||
      parseOptimizer(word) !== undefined ||
      // A dialect may take a name apart: `optimi-lion` is Lion of another library.
      isOptimizerId(value)
    );
  return value !== undefined && value !== 'other';
}

function nearest(word: string, known: readonly string[]): string | undefined {
  const most = word.length >= longEnoughForTwo ? 2 : 1;
  let best: { name: string; distance: number } | undefined;
  for (const name of known) {
    if (Math.abs(name.length - word.length) > most || digits(name) !== digits(word)) continue;
    const distance = editDistance(word.toLowerCase(), name.toLowerCase());
    if (distance <= most && (!best || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}

/** `adamw_8bit` and `adamw_4bit` are two names, not a slip; `fp61` for `fp16` is one. */
function digits(name: string): string {
  return [...name.replace(/\D/g, '')].sort().join('');
}
