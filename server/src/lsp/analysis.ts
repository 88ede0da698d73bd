import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Fix, fixesFor } from '../engine/fix.ts';
import { type LintFinding, type LintResult, lint } from '../engine/lint.ts';
import { type OpenOptions, type OpenResult, openConfig } from '../engine/open.ts';
import { isIgnored } from '../engine/project.ts';
import { type Text, text } from '../text.ts';
import { dialectFor, isExcluded } from './associations.ts';
import { configName } from './file-names.ts';
import type { ProjectFile } from './project-files.ts';
import type { EditorSettings } from './settings.ts';

/** One version of one open file, understood as far as it goes. The parts that cost are made on first use, once. */
export interface Analysis {
  readonly uri: string;
  readonly version: number;
  /** Relative to the project's root, with an extension that tells the format. */
  readonly fileName: string;
  readonly text: string;
  readonly opened: OpenResult;
  readonly options: OpenOptions;
  /** Why there is nothing to say, where there is nothing to say. */
  readonly silent?: Text;
  /** Findings of every rule; empty results when the file is no training config. */
  lint(): LintResult;
  /** The edits for a finding's changes. */
  fixes(finding: LintFinding): readonly Fix[];
}

export interface AnalysisContext {
  readonly settings: EditorSettings;
  readonly project: ProjectFile;
}

const nothing: LintResult = { findings: [], suppressed: [], notRun: [] };

/** Pure but for its memory: parses at once, lints when asked. */
export function analyse(document: TextDocument, { settings, project }: AnalysisContext): Analysis {
  const source = document.getText();
  const fileName = configName(document.uri, document.languageId, project.root);
  const options: OpenOptions = optionsFor(fileName, settings, project);
  const silent = reasonForSilence(source, fileName, settings, options);
  const opened = silent ? {} : openConfig(source, fileName, options);
  let linted: LintResult | undefined;
  const fixes = new Map<LintFinding, readonly Fix[]>();
  return {
    uri: document.uri,
    version: document.version,
    fileName,
    text: source,
    opened,
    options,
    ...(silent ? { silent } : opened.file ? {} : { silent: notRecognised }),
    lint: () => {
      linted ??= opened.file ? lint(opened.file, {}, opened.directives) : nothing;
      return linted;
    },
    fixes: (finding) => {
      const known = fixes.get(finding);
      if (known) return known;
      const made = opened.file ? fixesFor(opened.file, finding) : [];
      fixes.set(finding, made);
      return made;
    },
  };
}

const notRecognised = text(
  'Nothing in this file says that it is a training config.',
  '이 파일에는 학습 설정이라는 근거가 없습니다.',
);

function optionsFor(fileName: string, settings: EditorSettings, project: ProjectFile): OpenOptions {
  const dialect = dialectFor(settings.associations, fileName);
  const worldSize = project.settings.worldSize ?? settings.worldSize;
  return {
    ...(dialect === undefined ? {} : { dialect }),
    project: {
      ...project.settings,
      // The project's file is shared with the command line, so what it says about a rule wins over this editor.
      rules: { ...settings.rules, ...project.settings.rules },
      ...(worldSize === undefined ? {} : { worldSize }),
    },
  };
}

function reasonForSilence(
  source: string,
  fileName: string,
  settings: EditorSettings,
  options: OpenOptions,
): Text | undefined {
  if (!settings.enable)
    return text('Trainlint is switched off in the settings.', '설정에서 Trainlint가 꺼져 있습니다.');
  if (isExcluded(settings.exclude, fileName))
    return text(
      'This file is listed in the setting `trainlint.exclude`.',
      '이 파일은 `trainlint.exclude` 설정에 들어 있습니다.',
    );
  if (options.project && isIgnored(options.project, fileName))
    return text(
      'This file is ignored by the trainlint.config file.',
      'trainlint.config 파일이 이 파일을 제외했습니다.',
    );
  const kilobytes = Math.round(source.length / 1024);
  if (kilobytes > settings.maxFileSizeKilobytes)
    return text(
      `At ${kilobytes} kB the file is larger than \`trainlint.maxFileSize\` (${settings.maxFileSizeKilobytes} kB) and is not read.`,
      `파일 크기(${kilobytes} kB)가 \`trainlint.maxFileSize\`(${settings.maxFileSizeKilobytes} kB)보다 커서 읽지 않습니다.`,
    );
  return undefined;
}

/** Keeps the latest analysis of each open file, so that every request on one version shares one parse. */
export class AnalysisCache {
  readonly #latest = new Map<string, Analysis>();

  get(document: TextDocument, context: () => AnalysisContext): Analysis {
    const known = this.#latest.get(document.uri);
    if (known?.version === document.version) return known;
    const made = analyse(document, context());
    this.#latest.set(document.uri, made);
    return made;
  }

  forget(uri: string): void {
    this.#latest.delete(uri);
  }

  /** When settings change, everything understood so far may be wrong. */
  clear(): void {
    this.#latest.clear();
  }
}
