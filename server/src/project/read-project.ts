import { loaderById } from '../document/loaders.ts';
import { nodeAt } from '../document/lookup.ts';
import { formatOf, parseConfig } from '../document/parse.ts';
import type { ConfigDocument, ConfigNode, Loader, Span } from '../document/types.ts';
import { defaultSettings, type ProjectSettings } from '../engine/project-settings.ts';
import { validateProjectSettings } from '../generated/validators.js';
import { type Text, text } from '../text.ts';

export interface ProjectProblem {
  readonly message: Text;
  readonly span: Span;
}

export interface ReadProject {
  readonly document: ConfigDocument;
  readonly settings: ProjectSettings;
  readonly problems: readonly ProjectProblem[];
}

export const projectFileNames = [
  'trainlint.config.json',
  'trainlint.config.yaml',
  'trainlint.config.toml',
] as const;

/** Reads the text of a `trainlint.config.*`. With any problem the defaults are returned: half a setting surprises. */
export function readProject(source: string, fileName: string): ReadProject {
  const format = formatOf(fileName) ?? 'json';
  const document = parseConfig(source, format);
  const failed = (problems: readonly ProjectProblem[]): ReadProject => ({
    document,
    settings: defaultSettings,
    problems,
  });
  if (document.problems.length > 0) return failed(document.problems);
  const root = document.roots[0];
  if (!root) return failed([]);
  const data = plain(root, loaderById(format === 'yaml' ? 'yaml-1.2' : format));
  if (!validateProjectSettings(data))
    return failed(validateProjectSettings.errors?.map((error) => problem(root, error)) ?? []);
  return { document, settings: { ...defaultSettings, ...(data as Partial<ProjectSettings>) }, problems: [] };
}

function problem(
  root: ConfigNode,
  error: { instancePath: string; message?: string; params: Record<string, unknown> },
): ProjectProblem {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const extra = error.params.additionalProperty;
  const at = typeof extra === 'string' ? [...path, extra] : path;
  const allowed = Array.isArray(error.params.allowedValues)
    ? `: ${error.params.allowedValues.join(', ')}`
    : '';
  const where = at.join('.') || '(root)';
  const node = nodeAt(
    root,
    at.map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  );
  return {
    span: node?.span ?? { start: 0, end: 0 },
    message: extra
      ? text(`${where}: there is no such setting`, `${where}: 그런 설정은 없습니다`)
      : text(
          `${where} ${error.message ?? 'is not valid'}${allowed}`,
          `${where}: 값이 올바르지 않습니다 (${error.message ?? ''}${allowed})`,
        ),
  };
}

function plain(node: ConfigNode | undefined, loader: Loader): unknown {
  if (!node) return null;
  if (node.kind === 'map')
    return Object.fromEntries(node.entries.map(({ key, value }) => [key.name, plain(value, loader)]));
  if (node.kind === 'seq') return node.items.map((item) => plain(item, loader));
  if (node.kind === 'alias') return plain(node.target, loader);
  const loaded = loader.scalar(node);
  return 'value' in loaded ? loaded.value : null;
}
