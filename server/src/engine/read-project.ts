import { loaderById } from '../document/loaders.ts';
import { nodeAt } from '../document/lookup.ts';
import { parseConfig } from '../document/parse.ts';
import type {
  ConfigDocument,
  ConfigFormat,
  ConfigNode,
  LoadedValue,
  Loader,
  LoaderId,
  Span,
} from '../document/types.ts';
import { validateProjectSettings } from '../generated/validators.js';
import { type Text, text } from '../text.ts';
import { defaultSettings, type ProjectSettings } from './project-settings.ts';

/** The names under which project settings are looked for, in this order. */
export const projectFileNames = [
  'trainlint.config.json',
  'trainlint.config.yaml',
  'trainlint.config.yml',
  'trainlint.config.toml',
] as const;

export interface ProjectProblem {
  readonly span: Span;
  readonly message: Text;
}

export interface ReadProject {
  readonly document: ConfigDocument;
  /** The defaults where the file is not valid: a half-understood project would be worse than none. */
  readonly settings: ProjectSettings;
  readonly problems: readonly ProjectProblem[];
}

const loaders: Readonly<Record<ConfigFormat, LoaderId>> = { yaml: 'yaml-1.2', json: 'json', toml: 'toml' };

/** Reads the text of a `trainlint.config.*` file. Pure; never throws. */
export function readProject(source: string, format: ConfigFormat): ReadProject {
  const document = parseConfig(source, format);
  const root = document.roots[0];
  if (document.problems.length > 0)
    return { document, settings: defaultSettings, problems: document.problems };
  if (!root) return { document, settings: defaultSettings, problems: [] };
  const value = plainValue(root, loaderById(loaders[format]));
  if (validateProjectSettings(value)) {
    const { $schema: _, ...settings } = value;
    return {
      document,
      settings: { ...defaultSettings, ...(settings as Partial<ProjectSettings>) },
      problems: [],
    };
  }
  const problems = (validateProjectSettings.errors ?? []).map((error) => problemOf(error, root));
  return { document, settings: defaultSettings, problems };
}

interface ValidatorError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

function problemOf(error: ValidatorError, root: ConfigNode): ProjectProblem {
  const path = pathOf(error.instancePath, root);
  const extra = error.params.additionalProperty;
  const where = path.length ? `\`${path.join('.')}\`` : text('The file', '파일');
  const en = typeof where === 'string' ? where : where.en;
  const ko = typeof where === 'string' ? where : where.ko;
  if (typeof extra === 'string')
    return {
      span: keySpan(root, path, extra),
      message: text(
        `${en} has no setting \`${extra}\`. See the project settings in the documentation.`,
        `${ko}에는 \`${extra}\` 설정이 없습니다. 프로젝트 설정 문서를 확인하세요.`,
      ),
    };
  const allowed = error.params.allowedValues;
  if (Array.isArray(allowed))
    return {
      span: spanAt(root, path),
      message: text(
        `${en} must be one of: ${allowed.join(', ')}.`,
        `${ko} 값은 다음 중 하나여야 합니다: ${allowed.join(', ')}.`,
      ),
    };
  const says = error.message ?? error.keyword;
  return {
    span: spanAt(root, path),
    message: text(`${en} ${says}.`, `${ko} 값이 올바르지 않습니다: ${says}.`),
  };
}

/** `/overrides/0/files` as keys and indices; which of the two a number is depends on what stands there. */
function pathOf(pointer: string, root: ConfigNode): (string | number)[] {
  const path: (string | number)[] = [];
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(nodeAt(root, path)?.kind === 'seq' ? Number(name) : name);
  }
  return path;
}

function spanAt(root: ConfigNode, path: readonly (string | number)[]): Span {
  return (nodeAt(root, path) ?? root).span;
}

function keySpan(root: ConfigNode, path: readonly (string | number)[], key: string): Span {
  const map = nodeAt(root, path);
  const entry = map?.kind === 'map' ? map.entries.find((one) => one.key.name === key) : undefined;
  return entry?.key.span ?? spanAt(root, path);
}

function plainValue(node: ConfigNode, loader: Loader): unknown {
  switch (node.kind) {
    case 'scalar':
      return plainScalar(loader.scalar(node), node.text);
    case 'seq':
      return node.items.map((item) => plainValue(item, loader));
    case 'alias':
      return node.target ? plainValue(node.target, loader) : null;
    case 'map':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key.name, plainValue(value, loader)]));
  }
}

function plainScalar(value: LoadedValue, written: string): unknown {
  if (value.kind === 'null') return null;
  // YAML 1.2 reads `off` as text and 1.1 as false; as a level it means the same.
  if (value.kind === 'boolean' && written === 'off') return 'off';
  return value.kind === 'unknown' ? written : value.value;
}
