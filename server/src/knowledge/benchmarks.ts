import data from '../../../schemas/knowledge/benchmarks.json' with { type: 'json' };
import type { BenchmarksTable } from '../generated/knowledge-types.d.ts';
import { table } from './table.ts';

/** Published comparisons: tendencies, as their caveat says. */
export const benchmarks: BenchmarksTable = table<BenchmarksTable>(data);
