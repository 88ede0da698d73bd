import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatOf } from '../document/parse.ts';
import { defaultSettings, type ProjectSettings } from '../engine/project-settings.ts';
import { projectFileNames, readProject } from '../engine/read-project.ts';
import { pathOf } from './file-names.ts';

/** The project a file belongs to: the folder its paths are relative to, and what `trainlint.config.*` says there. */
export interface ProjectFile {
  readonly root: string | undefined;
  readonly settings: ProjectSettings;
}

/**
 * Finds the nearest `trainlint.config.*` at or above a file, for files inside and outside of the workspace alike.
 * Remembers every folder it looked into until told to forget.
 */
export class ProjectFiles {
  readonly #folders = new Map<string, ProjectFile | undefined>();
  #workspace: readonly string[] = [];

  setWorkspaceFolders(uris: readonly string[]): void {
    this.#workspace = uris
      .map(pathOf)
      .filter((path) => path !== undefined)
      .sort((a, b) => b.length - a.length);
    this.forget();
  }

  forget(): void {
    this.#folders.clear();
  }

  of(uri: string): ProjectFile {
    const path = pathOf(uri);
    if (path === undefined) return { root: undefined, settings: defaultSettings };
    const folder = dirname(path);
    const workspace = this.#workspace.find((root) => path === root || path.startsWith(join(root, '/')));
    return this.#nearest(folder) ?? { root: workspace ?? folder, settings: defaultSettings };
  }

  #nearest(folder: string): ProjectFile | undefined {
    if (this.#folders.has(folder)) return this.#folders.get(folder);
    const parent = dirname(folder);
    const found = this.#read(folder) ?? (parent === folder ? undefined : this.#nearest(parent));
    this.#folders.set(folder, found);
    return found;
  }

  #read(folder: string): ProjectFile | undefined {
    for (const name of projectFileNames) {
      const file = join(folder, name);
      const format = formatOf(name);
      if (!format || !existsSync(file)) continue;
      try {
        return { root: folder, settings: readProject(readFileSync(file, 'utf8'), format).settings };
      } catch {
        // Unreadable, or gone since we looked: as if it were not there.
      }
    }
    return undefined;
  }
}

export function isProjectFile(uri: string): boolean {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  return (projectFileNames as readonly string[]).includes(name);
}
