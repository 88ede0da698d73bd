import type { Dialect, Recognition } from '../dialects/dialect.ts';
import { withKeysSpelt } from '../dialects/misspelt-keys.ts';
import { readRun } from '../dialects/read.ts';
import { dialectById, recognise } from '../dialects/registry.ts';
import { unknownWords } from '../dialects/unknown-words.ts';
import { createView } from '../dialects/view.ts';
import { applyMends, mendsOf } from '../document/mend.ts';
import { formatOf, parseConfig } from '../document/parse.ts';
import type { ConfigDocument } from '../document/types.ts';
import { derive } from '../run/derive.ts';
import { infer } from '../run/infer.ts';
import type { MutableSettings } from '../run/setting.ts';
import type { TrainingRun } from '../run/training-run.ts';
import { text } from '../text.ts';
import type { ConfigFile } from './config-file.ts';
import { type Directives, readDirectives } from './directives.ts';
import { factsOf, settingsFor } from './project.ts';
import { defaultSettings, type ProjectSettings } from './project-settings.ts';

export interface OpenOptions {
  /** Dialect id that wins over recognition. */
  readonly dialect?: string;
  readonly project?: ProjectSettings;
}

export interface OpenResult {
  /** Undefined when the name is none of YAML, JSON or TOML. */
  readonly document?: ConfigDocument;
  readonly directives?: Directives;
  /** Undefined when the file is not surely a training config: then nothing at all is said about it. */
  readonly file?: ConfigFile;
}

/** Reads a file as far as it can be understood. Pure; never throws on any text. */
export function openConfig(source: string, fileName: string, options: OpenOptions = {}): OpenResult {
  const format = formatOf(fileName);
  if (!format) return {};
  const project = options.project ?? defaultSettings;
  const document = parseConfig(source, format);
  const directives = readDirectives(document);
  const said = settingsFor(project, fileName);
  const wanted = options.dialect ?? directives.dialect ?? said.dialect;
  if (wanted === 'none') return { document, directives };
  const chosen = chooseDialect(document, fileName, wanted, directives);
  if (!chosen) return { document, directives };
  const { dialect, recognition, onlyMended } = chosen;
  const loader = dialect.loader(document);
  const views = document.roots.map((_, root) => createView(document, root, loader.loader));
  // Of several documents in a file those that the dialect knows are runs; one chosen by hand is taken at its word.
  const known = views.filter((view) => views.length === 1 || dialect.recognise(view, fileName));
  // Of what cannot be read as it stands, only what is broken is said.
  const readable = onlyMended ? [] : wanted === undefined && known.length > 0 ? known : views;
  const read = readable.flatMap((view) =>
    dialect.layouts(view).map((layout) => ({ layout, run: readRun(layout, view) })),
  );
  const facts = { ...factsOf(said), ...directives.settings };
  const file: ConfigFile = {
    fileName,
    document,
    dialect,
    recognition,
    loader,
    views,
    layouts: read.map(({ layout }) => layout),
    runs: read.map(({ run }) => complete(run, facts, dialect.id)),
    unknownWords: () =>
      read.flatMap(({ layout, run }) => {
        const view = views[run.root];
        return view ? unknownWords(dialect.id, layout, view) : [];
      }),
    project,
    levels: said.rules ?? {},
  };
  return { document, directives, file };
}

/** What a comment or the project says wins over the file's own words about domain and architecture, and over defaults. */
function complete(run: TrainingRun, facts: MutableSettings, dialect: string): TrainingRun {
  const settings = { ...run.settings, ...facts };
  return derive(infer(derive({ ...run, settings }), dialect));
}

function chooseDialect(
  document: ConfigDocument,
  fileName: string,
  wanted: string | undefined,
  directives: Directives,
): { dialect: Dialect; recognition: Recognition; onlyMended?: true } | undefined {
  const named = wanted === undefined || wanted === 'generic' ? undefined : dialectById(wanted);
  if (named) {
    const reasons = [text(`chosen by hand: ${named.name}`, `직접 지정: ${named.name}`)];
    return { dialect: named, recognition: { confidence: 1, reasons } };
  }
  const found = recognise(document, fileName) ?? recogniseMended(document, fileName);
  if (found && wanted !== 'generic') return found;
  const generic = dialectById('generic');
  if (!generic || !(directives.declared || wanted === 'generic')) return found;
  const reasons = [text('the file says so in a trainlint comment', '파일의 trainlint 주석에 적혀 있음')];
  return { dialect: generic, recognition: { confidence: 1, reasons } };
}

/**
 * What a file would be without its slips: the very key that tells a training config may be misspelt, or stand on a
 * line with a tab, an open quote or no colon.
 */
function recogniseMended(document: ConfigDocument, fileName: string) {
  const { format, problems, text } = document;
  const broken = problems.some(({ code }) => code === 'syntax');
  const wellFormed = broken && format === 'yaml' ? applyMends(text, mendsOf(text)) : text;
  const readable = wellFormed === text ? document : parseConfig(wellFormed, format);
  const spelt = withKeysSpelt(readable);
  const found =
    (readable === document ? undefined : recognise(readable, fileName)) ??
    (spelt === undefined ? undefined : recognise(parseConfig(spelt, format), fileName));
  return found && { ...found, ...(broken && { onlyMended: true as const }) };
}
