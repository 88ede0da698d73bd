import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits } from '../../src/document/edit.ts';
import { fixesFor } from '../../src/engine/fix.ts';
import { type LintFinding, lint } from '../../src/engine/lint.ts';
import { openConfig } from '../../src/engine/open.ts';
import { severities } from '../../src/knowledge/ids.ts';
import { ruleById, rules } from '../../src/rules/registry.ts';
import type { Rule, RuleExample } from '../../src/rules/rule.ts';
import type { Text } from '../../src/text.ts';

const tables = readTables();

/** Every rule passes the same suite: its examples are its tests. */
describe('rules', () => {
  it('have ids of their own, in kebab case', () => {
    const ids = rules.map(({ meta }) => meta.id);
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) {
      assert.match(id, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      assert.equal(ruleById(id)?.meta.id, id);
    }
  });

  for (const rule of rules) {
    describe(rule.meta.id, () => {
      it('says what, why and where from in both languages', () => checkMeta(rule));
      for (const example of rule.meta.bad)
        it(`reports: ${example.title.en} (${example.dialect})`, () => checkBad(rule, example));
      for (const example of rule.meta.good)
        it(`is silent: ${example.title.en} (${example.dialect})`, () => checkGood(rule, example));
    });
  }
});

function checkMeta({ meta, scope }: Rule): void {
  checkText(meta.what);
  checkText(meta.why);
  assert.ok(meta.bad.length > 0, 'a bad example');
  assert.ok(meta.good.length > 0, 'a good example');
  assert.ok(meta.sources.length > 0, 'a source');
  for (const source of meta.sources) checkSource(source);
  for (const example of [...meta.bad, ...meta.good]) checkText(example.title);
  if (scope !== 'engine')
    assert.equal(
      meta.bad.some(({ fixed }) => fixed !== undefined),
      meta.fix !== 'none',
      'an example shows the fix, if there is one',
    );
}

function checkBad(rule: Rule, example: RuleExample): void {
  const { file, found } = findings(rule, example, example.text);
  assert.equal(found.length, 1, `findings: ${found.map(({ message }) => message.en).join(' | ') || 'none'}`);
  const [finding] = found;
  assert.ok(finding);
  checkText(finding.message);
  assert.notEqual(finding.message.en, finding.message.ko);
  assert.ok(
    severities.indexOf(finding.severity) >= severities.indexOf(rule.meta.severity),
    'no finding is graver than the rule says',
  );
  assert.ok(finding.span.end <= example.text.length && finding.span.start <= finding.span.end);
  for (const source of finding.evidence) checkSource(source);
  for (const { title } of finding.changes) checkText(title);
  if (example.fixed === undefined) return;
  const [fix] = fixesFor(file, finding);
  assert.ok(fix, 'the first change can be written');
  assert.equal(fix.change.safe, rule.meta.fix === 'safe');
  const fixed = applyEdits(example.text, fix.edits);
  assert.equal(fixed, example.fixed);
  const again = findings(rule, example, fixed).found;
  assert.deepEqual(
    again.map(({ message }) => message.en),
    [],
    'the fixed text is silent',
  );
}

function checkGood(rule: Rule, example: RuleExample): void {
  const { found } = findings(rule, example, example.text);
  assert.deepEqual(
    found.map(({ message }) => message.en),
    [],
  );
}

function findings(rule: Rule, example: RuleExample, text: string) {
  const { file } = openConfig(text, example.fileName);
  assert.ok(file, `${example.fileName} is recognised`);
  assert.equal(file.dialect.id, example.dialect);
  const result = lint(file);
  const failed = result.notRun.filter((one) => one.why.en.startsWith('the rule failed'));
  assert.deepEqual(failed, [], 'no rule throws');
  const found: LintFinding[] = result.findings.filter((one) => one.rule === rule.meta.id);
  return { file, found };
}

function checkText({ en, ko }: Text): void {
  for (const one of [en, ko]) {
    assert.ok(one.trim().length > 0);
    // Prose may speak of NaN; a number that became one may not.
    assert.doesNotMatch(
      one,
      /undefined|Infinity|\[object|(?:is|are|of|to) NaN\b|NaN ?(?:%|x\b|배|스텝|에폭)/,
    );
  }
  assert.doesNotMatch(en, /[\u3131-\u318e\uac00-\ud7a3]/, 'no Korean in the English text');
}

/** `table/row` must name a row; anything else is a paper, a standard or a framework's file. */
function checkSource(source: string): void {
  const [table = '', row] = source.split('/');
  const rows = tables.get(table);
  if (rows) assert.ok(row === undefined || rows.has(row), `no row ${row} in the table ${table}`);
  else assert.match(source, /[./#: ]/, `${source} is neither a table nor a reference`);
}

function readTables(): Map<string, Set<string>> {
  const folder = join(import.meta.dirname, '../../../schemas/knowledge');
  return new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => {
        const { rows = [] } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
          rows?: { id?: string }[];
        };
        return [name.replace('.json', ''), new Set(rows.flatMap(({ id }) => (id ? [id] : [])))];
      }),
  );
}
