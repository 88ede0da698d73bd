import type { ArchitectureId, DomainId, GoalId, Severity, TraitId } from '../knowledge/ids.ts';

/** What `trainlint.config.*` and the editor's settings say; defaults are filled in by whoever reads them. */
export interface ProjectSettings {
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  /** Later entries win. */
  readonly overrides: readonly ProjectOverride[];
  /** Installed versions by package name, for keys and defaults that changed. */
  readonly frameworkVersions: Readonly<Record<string, string>>;
  readonly ignore: readonly string[];
  readonly worldSize?: number;
}

export interface ProjectOverride {
  /** Patterns of .gitignore, relative to the project's root. */
  readonly files: readonly string[];
  /** A dialect id; `none` leaves the files alone. */
  readonly dialect?: string;
  readonly domain?: DomainId;
  readonly architecture?: ArchitectureId;
  readonly goal?: GoalId;
  readonly traits?: readonly TraitId[];
  readonly datasetSize?: number;
  readonly worldSize?: number;
  readonly parameters?: number;
  readonly rules?: Readonly<Record<string, Severity | 'off'>>;
}

export const defaultSettings: ProjectSettings = {
  rules: {},
  overrides: [],
  frameworkVersions: {},
  ignore: [],
};
