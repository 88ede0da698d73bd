import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const schemaFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'schemas');

/** Every knowledge file by its name without ending. */
export function knowledgeFiles(): Map<string, unknown> {
  const folder = join(schemaFolder, 'knowledge');
  return new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => [name.replace('.json', ''), JSON.parse(readFileSync(join(folder, name), 'utf8'))]),
  );
}

export function readSchema(name: string): unknown {
  return JSON.parse(readFileSync(join(schemaFolder, `${name}.schema.json`), 'utf8'));
}

/** Calls `visit` with every object in a JSON value and the path to it. */
export function walk(
  value: unknown,
  visit: (object: Record<string, unknown>, path: string) => void,
  path = '',
): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      walk(item, visit, `${path}[${index}]`);
    });
  } else if (typeof value === 'object' && value !== null) {
    visit(value as Record<string, unknown>, path);
    for (const [key, item] of Object.entries(value)) walk(item, visit, `${path}.${key}`);
  }
}
