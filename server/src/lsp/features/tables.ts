import glossary from '../../../../schemas/knowledge/glossary.json' with { type: 'json' };
import symptoms from '../../../../schemas/knowledge/symptoms.json' with { type: 'json' };
import type { Text } from '../../text.ts';

export const glossaryRows: readonly {
  readonly keys: readonly string[];
  readonly term: Text;
  readonly text: Text;
}[] = glossary.rows;
export const symptomRows: readonly { readonly id: string; readonly name: Text }[] = symptoms.rows;
