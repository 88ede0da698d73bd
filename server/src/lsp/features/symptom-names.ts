import { type Text, text } from '../../text.ts';
import { symptomRows } from './tables.ts';

const names = new Map<string, Text>(symptomRows.map(({ id, name }) => [id, name]));

/** A symptom's name in words; its id where no table has it. */
export function symptomName(id: string): Text {
  return names.get(id) ?? text(id, id);
}
