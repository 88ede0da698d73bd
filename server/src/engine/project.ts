import ignore from 'ignore';
import type { ProjectOverride, ProjectSettings } from './project-settings.ts';

/**
 * The settings that apply to one file: all overrides whose patterns match, later ones winning.
 * Patterns are those of .gitignore, relative to the project's root; so is `fileName`.
 */
export function overrideFor(project: ProjectSettings, fileName: string): Omit<ProjectOverride, 'files'> {
  const merged: { -readonly [K in keyof ProjectOverride]?: ProjectOverride[K] } = {};
  for (const { files, ...said } of project.overrides)
    if (matches(files, fileName)) Object.assign(merged, said);
  return merged;
}

export function isIgnored(project: ProjectSettings, fileName: string): boolean {
  return matches(project.ignore, fileName);
}

function matches(patterns: readonly string[], fileName: string): boolean {
  if (patterns.length === 0) return false;
  // `ignore` takes only paths below its root; a file elsewhere is matched by its name alone.
  const relative = ignore.isPathValid(fileName) ? fileName : (fileName.split(/[\\/]/).pop() ?? '');
  return (
    relative !== '' &&
    ignore()
      .add([...patterns])
      .ignores(relative)
  );
}
