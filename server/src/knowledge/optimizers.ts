import names from '../../../schemas/knowledge/optimizer-names.json' with { type: 'json' };
import optimizers from '../../../schemas/knowledge/optimizers.json' with { type: 'json' };
import type {
  OptimizerNamesRow,
  OptimizerNamesTable,
  OptimizersRow,
  OptimizersTable,
} from '../generated/knowledge-types.d.ts';
import { isOptimizerId, type OptimizerId, type WrapperId, wrapperIds } from './ids.ts';
import { byId, rowOf, table } from './table.ts';

export type Optimizer = OptimizersRow;
export type OptimizerName = OptimizerNamesRow;

/** The comparison table and the newer optimizers, in the source's order. */
export const optimizerTable: readonly Optimizer[] = table<OptimizersTable>(optimizers).rows;
/** Names under which frameworks offer optimizers. */
export const optimizerNameTable: readonly OptimizerName[] = table<OptimizerNamesTable>(names).rows;

const rows = byId<OptimizerId, Optimizer>(optimizerTable);
const namesBySpelling = indexNames();

export function optimizerById(id: OptimizerId): Optimizer {
  return rowOf(rows, id);
}

/**
 * The optimizer a framework's name stands for: `adamw_torch`, `paged_adamw_8bit`, `torch.optim.AdamW`,
 * `Momentum`, `bnb.optim.AdamW8bit`. Case, module path and `-`, `_`, space do not matter. `framework` is a
 * dialect id; a name that means something else there (`Adam` in DeepSpeed) follows it. `optimizer` is null
 * for known optimizers the tables do not cover (Prodigy, Muon); undefined means the name is unknown.
 *
 * Plain `SGD` answers `sgd`: momentum and Nesterov are settings beside it, see {@link sgdVariant}.
 */
export function optimizerByFrameworkName(name: string, framework?: string): OptimizerName | undefined {
  const spellings = [name, name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf('/')) + 1)];
  for (const spelling of spellings) {
    const found = namesBySpelling.get(normalize(spelling));
    if (found === undefined) continue;
    const own = found.find((row) => framework !== undefined && row.frameworks.includes(framework));
    const row = own ?? found.find((entry) => entry.frameworks.includes('any')) ?? found[0];
    if (row !== undefined) return row;
  }
  return undefined;
}

/** `sgd`, `sgd-momentum` or `nag`, by the settings that stand beside the name SGD. */
export function sgdVariant(settings: { momentum?: number; nesterov?: boolean }): OptimizerId {
  if (settings.momentum === undefined || settings.momentum === 0) return 'sgd';
  return settings.nesterov === true ? 'nag' : 'sgd-momentum';
}

/**
 * Reads `adam`, `lookahead(adam)`, `sam(sgd-momentum)`. `ranger` is `lookahead(radam)` with defaults of its
 * own and takes no inner optimizer. Undefined where the text names none.
 */
export function parseOptimizer(text: string): { id: OptimizerId; inner?: OptimizerId } | undefined {
  const match = /^\s*([a-z-]+)\s*(?:\(\s*([a-z-]+)\s*\))?\s*$/.exec(text);
  const [, id, inner] = match ?? [];
  if (!isOptimizerId(id)) return undefined;
  if (inner === undefined) return { id };
  if (!isWrapper(id) || id === 'ranger' || !isOptimizerId(inner) || isWrapper(inner)) return undefined;
  return { id, inner };
}

function isWrapper(id: OptimizerId): id is WrapperId {
  return (wrapperIds as readonly OptimizerId[]).includes(id);
}

function normalize(name: string): string {
  return name.trim().toLowerCase().replace(/[-_ ]/g, '');
}

function indexNames(): Map<string, OptimizerName[]> {
  const index = new Map<string, OptimizerName[]>();
  const add = (spelling: string, row: OptimizerName) => {
    const key = normalize(spelling);
    const found = index.get(key);
    if (found) found.push(row);
    else index.set(key, [row]);
  };
  for (const row of optimizerNameTable) add(row.name, row);
  // The optimizers' own ids, names and aliases, where no framework's name is in their way.
  for (const { id, name, aliases, sources } of optimizerTable) {
    for (const spelling of [id, name, ...aliases]) {
      if (!index.has(normalize(spelling)))
        add(spelling, { id, name: spelling, frameworks: ['any'], optimizer: id, sources });
    }
  }
  return index;
}
