import type { Comment, ConfigDocument, MapNode, Span } from '../document/types.ts';
import { architectureIds, domainIds, goalIds, traitIds } from '../knowledge/ids.ts';
import type { FieldId, FieldTypes } from '../run/fields.ts';
import type { MutableSettings } from '../run/setting.ts';
import { type Text, text } from '../text.ts';

/** `# trainlint-disable-next-line lr-range, warmup-missing -- reason` */
export interface Suppression {
  readonly scope: 'file' | 'line';
  /** The 0-based line whose findings are silenced, for `line`. */
  readonly line: number;
  /** Rule ids; empty = every rule. */
  readonly rules: readonly string[];
  readonly reason: string;
  readonly span: Span;
}

export interface DirectiveProblem {
  readonly span: Span;
  readonly message: Text;
}

/** What comments (or the `$trainlint` key of a JSON file) say about a file. */
export interface Directives {
  readonly dialect?: string;
  /** Facts about every run of the file, `from: 'comment'`. */
  readonly settings: MutableSettings;
  readonly suppressions: readonly Suppression[];
  readonly problems: readonly DirectiveProblem[];
  /** Whether the file declares itself a training config (`# trainlint: …`). */
  readonly declared: boolean;
}

type Reader = (word: string) => unknown;

const oneOf =
  (ids: readonly string[]): Reader =>
  (word) =>
    ids.includes(word) ? word : undefined;
const positive: Reader = (word) => {
  const number = Number(word.replaceAll('_', ''));
  return Number.isFinite(number) && number > 0 ? number : undefined;
};
const wholePositive: Reader = (word) => {
  const number = positive(word);
  return Number.isInteger(number) ? number : undefined;
};
const listOf =
  (ids: readonly string[]): Reader =>
  (word) => {
    const words = word.split('+');
    return words.every((one) => ids.includes(one)) ? words : undefined;
  };

/** The words a comment may use, the field each means, and how its value is read. */
const facts: Readonly<Record<string, { field: FieldId; read: Reader; expects: string }>> = {
  domain: { field: 'domain', read: oneOf(domainIds), expects: domainIds.join(', ') },
  architecture: { field: 'architecture', read: oneOf(architectureIds), expects: architectureIds.join(', ') },
  goal: { field: 'goal', read: oneOf(goalIds), expects: goalIds.join(', ') },
  traits: { field: 'traits', read: listOf(traitIds), expects: `a+b of ${traitIds.join(', ')}` },
  'dataset-size': { field: 'datasetSize', read: wholePositive, expects: 'a whole number > 0' },
  'world-size': { field: 'worldSize', read: wholePositive, expects: 'a whole number > 0' },
  'total-steps': { field: 'totalSteps', read: wholePositive, expects: 'a whole number > 0' },
  parameters: { field: 'parameterCount', read: positive, expects: 'a number > 0' },
  method: {
    field: 'method',
    read: oneOf(['full', 'lora', 'qlora', 'freeze', 'prompt']),
    expects: 'full, lora, qlora, freeze, prompt',
  },
  'from-scratch': {
    field: 'fromScratch',
    read: (word) => ({ true: true, false: false })[word],
    expects: 'true, false',
  },
};

export const directiveWords: readonly string[] = ['dialect', ...Object.keys(facts)];

/** Lines from the top in which a `# trainlint:` comment is looked for. */
const headLines = 20;

export function readDirectives(document: ConfigDocument): Directives {
  const settings: MutableSettings = {};
  const suppressions: Suppression[] = [];
  const problems: DirectiveProblem[] = [];
  const state = { dialect: undefined as string | undefined, declared: false };
  const said = new Set<string>();
  const say = (word: string, value: string, span: Span) => {
    state.declared = true;
    // The same words in one comment are one mistake.
    const what = `${span.start} ${word}=${value}`;
    if (said.has(what)) return;
    said.add(what);
    if (word === 'dialect') {
      state.dialect = value;
      return;
    }
    const fact = facts[word];
    const read = fact?.read(value);
    if (!fact) problems.push({ span, message: unknownWord(word) });
    else if (read === undefined) problems.push({ span, message: badValue(word, value, fact.expects) });
    else
      (settings as Record<string, unknown>)[fact.field] = {
        value: read as FieldTypes[FieldId],
        from: 'comment',
        span,
      };
  };
  for (const comment of document.comments) readComment(document, comment, say, suppressions);
  for (const root of document.roots) if (root.kind === 'map') readKey(root, say, suppressions);
  return {
    ...(state.dialect === undefined ? {} : { dialect: state.dialect }),
    settings,
    suppressions,
    problems,
    declared: state.declared,
  };
}

function readComment(
  document: ConfigDocument,
  comment: Comment,
  say: (word: string, value: string, span: Span) => void,
  suppressions: Suppression[],
): void {
  if (!comment.text.startsWith('trainlint')) return;
  const line = lineOf(document, comment.span.start);
  const disable = /^trainlint-disable-(next-line|line|file)\b([\s\S]*)$/.exec(comment.text);
  if (disable) {
    const [list = '', ...reason] = (disable[2] ?? '').split('--');
    suppressions.push({
      scope: disable[1] === 'file' ? 'file' : 'line',
      line: disable[1] === 'next-line' ? nextContentLine(document, line) : line,
      rules: list.split(/[\s,]+/).filter(Boolean),
      reason: reason.join('--').trim(),
      span: comment.span,
    });
    return;
  }
  const facts = /^trainlint:\s*([\s\S]*)$/.exec(comment.text);
  if (!facts || line >= headLines) return;
  let any = false;
  for (const pair of (facts[1] ?? '').matchAll(/([\w-]+)=([^\s,]+)/g)) {
    any = true;
    say(pair[1] ?? '', pair[2] ?? '', comment.span);
  }
  // A bare `# trainlint:` still says "this is a training config".
  if (!any) say('dialect', 'generic', comment.span);
}

/** `"$trainlint": {"domain": "nlp", "disable": ["lr-range"]}`, for files that cannot hold comments. */
function readKey(
  root: MapNode,
  say: (word: string, value: string, span: Span) => void,
  suppressions: Suppression[],
): void {
  const entry = root.entries.find(({ key }) => key.name === '$trainlint');
  if (entry?.value.kind !== 'map') return;
  for (const { key, value } of entry.value.entries) {
    if (key.name === 'disable') {
      const items = value.kind === 'seq' ? value.items : [value];
      const rules = items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : []));
      if (rules.length) suppressions.push({ scope: 'file', line: 0, rules, reason: '', span: value.span });
    } else if (value.kind === 'scalar') {
      say(key.name, value.text, value.span);
    } else if (value.kind === 'seq') {
      say(
        key.name,
        value.items.map((item) => (item.kind === 'scalar' ? item.text : '')).join('+'),
        value.span,
      );
    }
  }
}

function lineOf(document: ConfigDocument, offset: number): number {
  let low = 0;
  let high = document.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((document.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The next line that is neither blank nor a comment, so that several suppressions can stand above one key. */
function nextContentLine(document: ConfigDocument, line: number): number {
  const { lineStarts, text: source } = document;
  for (let next = line + 1; next < lineStarts.length; next++) {
    const content = source.slice(lineStarts[next], lineStarts[next + 1]).trim();
    if (content && !/^(#|\/\/)/.test(content)) return next;
  }
  return line + 1;
}

function unknownWord(word: string): Text {
  const words = directiveWords.join(', ');
  return text(
    `\`${word}\` is not a word of the trainlint comment. It knows: ${words}.`,
    `trainlint 주석에는 \`${word}\` 단어가 없습니다. 쓸 수 있는 단어: ${words}.`,
  );
}

function badValue(word: string, value: string, expects: string): Text {
  return text(
    `\`${word}=${value}\` cannot be read. Expected: ${expects}.`,
    `\`${word}=${value}\` 값을 읽을 수 없습니다. 쓸 수 있는 값: ${expects}.`,
  );
}
