import ignore from 'ignore';
import type { Severity } from '../knowledge/ids.ts';
import type { MutableSettings } from '../run/setting.ts';
import { text } from '../text.ts';
import type { ProjectOverride, ProjectSettings } from './project-settings.ts';

export type FileSettings = Omit<ProjectOverride, 'files'>;

/** The settings that apply to one file: the project's own, then every override whose patterns match, later ones winning. */
export function settingsFor(project: ProjectSettings, fileName: string): FileSettings {
  const merged: { -readonly [K in keyof FileSettings]: FileSettings[K] } = {};
  let rules: Readonly<Record<string, Severity | 'off'>> = project.rules;
  if (project.worldSize !== undefined) merged.worldSize = project.worldSize;
  for (const { files, ...said } of project.overrides) {
    if (!matches(files, fileName)) continue;
    rules = { ...rules, ...said.rules };
    Object.assign(merged, said);
  }
  return { ...merged, rules };
}

/** The facts among them, as settings of every run in the file. */
export function factsOf(said: FileSettings): MutableSettings {
  const why = text('said by the project settings', '프로젝트 설정에 적힌 값');
  const from = 'project';
  const facts: MutableSettings = {};
  if (said.domain) facts.domain = { value: said.domain, from, why };
  if (said.architecture) facts.architecture = { value: said.architecture, from, why };
  if (said.goal) facts.goal = { value: said.goal, from, why };
  if (said.traits) facts.traits = { value: said.traits, from, why };
  if (said.datasetSize) facts.datasetSize = { value: said.datasetSize, from, why };
  if (said.worldSize) facts.worldSize = { value: said.worldSize, from, why };
  if (said.parameters) facts.parameterCount = { value: said.parameters, from, why };
  return facts;
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
