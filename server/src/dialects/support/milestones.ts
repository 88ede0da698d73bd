import type { Binding } from '../dialect.ts';
import { absent } from '../dialect.ts';
import { bind } from './bind.ts';
import { numberOf, numbersIn } from './numbers.ts';

/**
 * The steps at which a rate drops, as a list or, as yacs writes it, one string: `(60000, 80000)`. An empty list says that
 * the rate never drops. Where a file counts in something else (epochs), do not bind it with this.
 */
export function milestones(path: string | readonly string[]): Binding {
  return bind('decayMilestones', path, {
    read: (value) => {
      if (value.kind === 'null') return absent;
      if (value.kind !== 'string') return undefined;
      return /^\s*(\(\s*\)|\[\s*\])\s*$/.test(value.value) ? [] : numbersIn(value.value);
    },
    readNode: (node, view) => {
      if (node.kind !== 'seq') return undefined;
      const steps = node.items.map((item) =>
        item.kind === 'scalar' ? numberOf(view.loader.scalar(item)) : undefined,
      );
      return steps.every((step) => step !== undefined) ? steps : undefined;
    },
    readOnly: true,
  });
}
