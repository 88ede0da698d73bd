import type { ArchitectureId, DomainId, GoalId, Severity } from '../knowledge/ids.ts';

/** What `trainlint.config.*` and the editor's settings say; defaults are filled in by whoever reads them. */
export interface ProjectSettings {
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  /** Later entries win. */
  readonly overrides: readonly ProjectOverride[];
  readonly frameworkVersions: Readonly<Record<string, string>>;
  readonly ignore: readonly string[];
  readonly worldSize?: number;
}

export interface ProjectOverride {
  readonly files: readonly string[];
  readonly dialect?: string;
  readonly domain?: DomainId;
  readonly architecture?: ArchitectureId;
  readonly goal?: GoalId;
}

export const defaultSettings: ProjectSettings = {
  rules: {},
  overrides: [],
  frameworkVersions: {},
  ignore: [],
};
