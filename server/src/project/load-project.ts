import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatOf } from '../document/parse.ts';
import { positionAt } from '../document/position.ts';
import { defaultSettings, type ProjectSettings } from '../engine/project-settings.ts';
import { projectFileNames, readProject } from '../engine/read-project.ts';
import { type Text, text } from '../text.ts';

export interface LoadedProject {
  /** The folder of the settings file; the folder asked for when there is none. */
  readonly root: string;
  readonly path?: string;
  readonly settings: ProjectSettings;
  /** With place and reason, ready to print. */
  readonly problems: readonly Text[];
}

/** The nearest `trainlint.config.*` in `folder` or above it. */
export function loadProject(folder: string): LoadedProject {
  for (let root = folder; ; root = dirname(root)) {
    for (const name of projectFileNames) {
      const path = join(root, name);
      const source = readIfThere(path);
      if (source === undefined) continue;
      const { document, settings, problems } = readProject(source, formatOf(name) ?? 'json');
      const said = problems.map(({ message, span }) => {
        const { line, character } = positionAt(document, span.start);
        const place = `${path}:${line + 1}:${character + 1}`;
        return text(`${place}: ${message.en}`, `${place}: ${message.ko}`);
      });
      return { root, path, settings, problems: said };
    }
    if (dirname(root) === root) return { root: folder, settings: defaultSettings, problems: [] };
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
