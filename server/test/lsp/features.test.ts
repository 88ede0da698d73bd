import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits } from '../../src/document/edit.ts';
import { parseConfig } from '../../src/document/parse.ts';
import type { LintFinding } from '../../src/engine/lint.ts';
import { cursorAt } from '../../src/lsp/features/cursor.ts';
import { minimalEdits } from '../../src/lsp/features/minimal-edits.ts';
import { suppressFileEdit, suppressLineEdit } from '../../src/lsp/features/suppressions.ts';
import { configName } from '../../src/lsp/file-names.ts';
import { readEditorSettings } from '../../src/lsp/settings.ts';
import { text } from '../../src/text.ts';

describe('minimal edits', () => {
  const line = fc.stringMatching(/^[a-c \r]{0,4}$/);
  const lines = fc.array(line, { maxLength: 8 }).map((all) => all.join('\n'));

  it('give the new text, whatever the texts', () => {
    fc.assert(fc.property(lines, lines, (a, b) => applyEdits(a, minimalEdits(a, b)) === b));
  });

  it('leave equal lines alone', () => {
    const edits = minimalEdits('a: 1\nb: 2\nc: 3\n', 'a: 1\nb: 5\nc: 4\n');
    assert.deepEqual(
      edits.map(({ newText }) => newText),
      ['5', '4'],
    );
  });
});

describe('suppressions', () => {
  const finding = (document: { text: string }, at: string, rule = 'lr-range'): LintFinding => {
    const start = document.text.indexOf(at);
    return {
      rule,
      severity: 'warning',
      message: text('', ''),
      span: { start, end: start + at.length },
      evidence: [],
      changes: [],
    };
  };
  const applied = (
    source: string,
    format: 'yaml' | 'json' | 'toml',
    at: string,
    scope: 'line' | 'file',
    rule?: string,
  ) => {
    const document = parseConfig(source, format);
    const edit = (scope === 'line' ? suppressLineEdit : suppressFileEdit)(
      document,
      finding(document, at, rule),
    );
    return edit && applyEdits(source, [edit]);
  };

  it('stand above the line, with its indentation and line ends', () => {
    assert.equal(
      applied('a:\r\n  lr: 1\r\n', 'yaml', 'lr', 'line'),
      'a:\r\n  # trainlint-disable-next-line lr-range\r\n  lr: 1\r\n',
    );
    assert.equal(
      applied('lr = 1\n', 'toml', 'lr', 'line'),
      '# trainlint-disable-next-line lr-range\nlr = 1\n',
    );
  });

  it('join one that is there, before its reason', () => {
    assert.equal(
      applied('# trainlint-disable-next-line a -- tuned\nlr: 1\n', 'yaml', 'lr:', 'line'),
      '# trainlint-disable-next-line a, lr-range -- tuned\nlr: 1\n',
    );
    assert.equal(
      applied('# trainlint-disable-file a\nlr: 1\n', 'yaml', 'lr:', 'file'),
      '# trainlint-disable-file a, lr-range\nlr: 1\n',
    );
  });

  it('are a key in JSON, which has no comments, and a comment where its author has some', () => {
    assert.equal(applied('{\n  "lr": 1\n}\n', 'json', '"lr"', 'line'), undefined);
    assert.equal(
      applied('{\n  "lr": 1\n}\n', 'json', '"lr"', 'file'),
      '{\n  "$trainlint": { "disable": ["lr-range"] },\n  "lr": 1\n}\n',
    );
    assert.equal(
      applied('{"$trainlint": {"disable": ["a"]}, "lr": 1}', 'json', '"lr"', 'file'),
      '{"$trainlint": {"disable": ["a", "lr-range"]}, "lr": 1}',
    );
    assert.equal(
      applied('{\n  // fast\n  "lr": 1\n}\n', 'json', '"lr"', 'line'),
      '{\n  // fast\n  // trainlint-disable-next-line lr-range\n  "lr": 1\n}\n',
    );
  });

  it('are not offered for broken text', () => {
    assert.equal(applied('lr: 1\n', 'yaml', 'lr', 'line', 'syntax-error'), undefined);
  });
});

describe('the cursor', () => {
  const at = (marked: string, format: 'yaml' | 'json' | 'toml' = 'yaml') => {
    const offset = marked.indexOf('|');
    const before = marked.slice(0, offset).split('\n');
    const document = parseConfig(marked.replace('|', ''), format);
    const found = cursorAt(document, { line: before.length - 1, character: before.at(-1)?.length ?? 0 });
    return found && [found.kind, found.path.join('.')];
  };

  it('is in a value', () => {
    assert.deepEqual(at('a: 1\noptim: ad|'), ['value', 'optim']);
    assert.deepEqual(at('a:\n  - b: x|'), ['value', 'a.0.b']);
    assert.deepEqual(at('{"a": {"type": "Ad|"}}', 'json'), ['value', 'a.type']);
  });

  it('is in a key, of the map its indentation says', () => {
    assert.deepEqual(at('a: 1\nb|'), ['key', '']);
    assert.deepEqual(at('a:\n  b: 1\n  c|'), ['key', 'a']);
    assert.deepEqual(at('a:\n  b: 1\nc|'), ['key', '']);
    assert.deepEqual(at('|'), ['key', '']);
  });

  it('is nowhere in a comment or a list', () => {
    assert.equal(at('a: 1 # b|'), undefined);
    assert.equal(at('a: [b, c|'), undefined);
  });
});

describe('file names', () => {
  it('are relative to the project, with an extension that tells the format', () => {
    assert.equal(configName('file:///p/conf/train.yaml', 'yaml', '/p'), 'conf/train.yaml');
    assert.equal(configName('file:///q/train.yaml', 'yaml', '/p'), '/q/train.yaml');
    assert.equal(configName('untitled:Untitled-1', 'toml', undefined), 'Untitled-1.toml');
    assert.equal(configName('vscode-vfs://github/o/r/a%20b.json', 'json', undefined), 'a b.json');
  });
});

describe('editor settings', () => {
  it('are complete whatever is sent', () => {
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        const settings = readEditorSettings(anything);
        return (
          typeof settings.enable === 'boolean' && Array.isArray(settings.exclude) && settings.run.seed >= 0
        );
      }),
    );
  });
});
