import { readFileSync } from 'node:fs';
import type { ConfigView } from '../../src/dialects/dialect.ts';
import { readRun } from '../../src/dialects/read.ts';
import { dialectById, recognise } from '../../src/dialects/registry.ts';
import { createView } from '../../src/dialects/view.ts';
import { formatOf, parseConfig } from '../../src/document/parse.ts';
import type { ConfigFile } from '../../src/engine/config-file.ts';
import { defaultSettings } from '../../src/engine/project-settings.ts';
import { derive } from '../../src/run/derive.ts';

const fixtures = new URL('../../../test-fixtures/', import.meta.url);

export function fixtureText(name: string): string {
  return readFileSync(new URL(name, fixtures), 'utf8');
}

/** The file as the engine would see it, without the rooms above the dialects. Undefined when nothing recognises it. */
export function openText(text: string, fileName: string, dialectId?: string): ConfigFile | undefined {
  const format = formatOf(fileName);
  if (!format) return undefined;
  const document = parseConfig(text, format);
  const forced = dialectId === undefined ? undefined : dialectById(dialectId);
  const found = forced
    ? { dialect: forced, recognition: { confidence: 1, reasons: [] } }
    : recognise(document, fileName);
  if (!found) return undefined;
  const { dialect, recognition } = found;
  const loader = dialect.loader(document);
  const views: ConfigView[] = document.roots.map((_, root) => createView(document, root, loader.loader));
  const read = views.flatMap((view) =>
    dialect.layouts(view).map((layout) => ({ layout, run: derive(readRun(layout, view)) })),
  );
  return {
    fileName,
    document,
    dialect,
    recognition,
    loader,
    views,
    layouts: read.map(({ layout }) => layout),
    runs: read.map(({ run }) => run),
    unknownWords: () => [],
    project: defaultSettings,
    levels: {},
  };
}
