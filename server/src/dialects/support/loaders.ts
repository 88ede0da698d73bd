import { loaderById } from '../../document/loaders.ts';
import type { ConfigDocument, LoaderId } from '../../document/types.ts';
import type { LoaderFacts, StringForNumber } from '../dialect.ts';

/**
 * Loader facts of a framework that reads YAML through `yaml`; JSON and TOML files have one reading each.
 * `source` names where it was read.
 */
export function loadedBy(
  yaml: LoaderId,
  stringForNumber: StringForNumber | ((path: readonly (string | number)[]) => StringForNumber),
  source: string,
): (document: ConfigDocument) => LoaderFacts {
  return ({ format }) => ({ loader: loaderById(format === 'yaml' ? yaml : format), stringForNumber, source });
}
