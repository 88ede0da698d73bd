import thresholds from '../../../schemas/knowledge/symptom-thresholds.json' with { type: 'json' };
import data from '../../../schemas/knowledge/symptoms.json' with { type: 'json' };
import type {
  SymptomsRow,
  SymptomsTable,
  SymptomThresholdsRow,
  SymptomThresholdsTable,
} from '../generated/knowledge-types.d.ts';
import type { SymptomId } from './ids.ts';
import { byId, rowOf, table } from './table.ts';

export type Symptom = SymptomsRow;
export type SymptomThreshold = SymptomThresholdsRow;

export const symptomTable: readonly Symptom[] = table<SymptomsTable>(data).rows;
/** Every number the detectors hold a curve against. */
export const symptomThresholdTable: readonly SymptomThreshold[] =
  table<SymptomThresholdsTable>(thresholds).rows;
const rows = byId<SymptomId, Symptom>(symptomTable);

export function symptomById(id: SymptomId): Symptom {
  return rowOf(rows, id);
}
