import { isSymptomId } from '../../knowledge/ids.ts';
import { symptomById } from '../../knowledge/symptoms.ts';
import { type Text, text } from '../../text.ts';

/** A symptom's name in words; the id itself where no table has it. */
export function symptomName(id: string): Text {
  return isSymptomId(id) ? symptomById(id).name : text(id, id);
}
