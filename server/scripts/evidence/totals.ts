/** Sums over cells, for the summaries. */
import type { Cell, Count } from './cells.ts';
import type { SubjectEvidence } from './collect.ts';

export interface Totals {
  readonly shown: number;
  readonly seeds: number;
  readonly table: Count;
  readonly best: Count;
  readonly random: Count;
}

const none: Count = { healed: 0, of: 0 };

/** Cells of one cause; `strength` narrows. */
export function cellsOf(evidence: readonly SubjectEvidence[], cause: string, strength?: string): Cell[] {
  return evidence.flatMap(({ cells }) =>
    cells.filter(
      ({ scenario }) =>
        scenario.cause === cause && (strength === undefined || scenario.strength === strength),
    ),
  );
}

export function totalsOf(cells: readonly Cell[]): Totals {
  return cells.reduce<Totals>(
    (sum, cell) => ({
      shown: sum.shown + cell.shown,
      seeds: sum.seeds + cell.seeds,
      table: plus(sum.table, cell.table),
      best: plus(sum.best, cell.best),
      random: plus(sum.random, cell.random),
    }),
    { shown: 0, seeds: 0, table: none, best: none, random: none },
  );
}

function plus(a: Count, b: Count = none): Count {
  return { healed: a.healed + b.healed, of: a.of + b.of };
}
