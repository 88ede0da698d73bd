import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Folder, trainlint } from './harness.ts';

describe('trainlint rules, rule, tables', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder({});
  });
  afterEach(() => folder.remove());

  it('lists every rule with its metadata in both languages', async () => {
    const rules = JSON.parse((await trainlint(folder, ['rules', '--format', 'json'])).stdout);
    assert.ok(rules.length >= 15);
    for (const { id, severity, fix, what, why, sources } of rules) {
      assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
      assert.match(severity, /^(error|warning|information|hint)$/);
      assert.match(fix, /^(safe|unsafe|none)$/);
      for (const text of [what, why]) assert.ok(text.en && /[가-힣]/.test(text.ko), id);
      assert.ok(sources.length > 0, id);
    }
  });

  it('prints a page with the examples', async () => {
    const { code, stdout } = await trainlint(folder, ['rule', 'float-as-string']);
    assert.equal(code, 0);
    assert.match(stdout, /^# float-as-string$/m);
    assert.match(stdout, /^```yaml$/m);
    assert.match(
      (await trainlint(folder, ['rule', 'float-as-string'], { lang: 'ko' })).stdout,
      /진단이 나오는 예/,
    );
  });

  it('exits 2 for a rule that does not exist', async () => {
    assert.equal((await trainlint(folder, ['rule', 'no-such-rule'])).code, 2);
  });

  it('prints the tables of the contract', async () => {
    const tables = JSON.parse((await trainlint(folder, ['tables'])).stdout);
    const sizes = {
      optimizers: 21,
      domainPreferences: 12,
      architecturePreferences: 15,
      dataTraitPreferences: 8,
      goalPreferences: 8,
    };
    for (const [name, size] of Object.entries(sizes)) assert.equal(tables[name].length, size, name);
    assert.ok(tables.symptoms.length >= 6);
    assert.ok(tables.glossary.length >= 100);
    assert.ok(tables.tuningOrder.length >= 4);
    assert.ok(tables.decisionTree);
    assert.ok(tables.benchmarks);
  });
});

describe('--color and --no-color', () => {
  const cli = fileURLToPath(new URL('../../src/cli/cli.ts', import.meta.url));
  const log = fileURLToPath(new URL('../../../test-fixtures/logs/keras-history.csv', import.meta.url));
  const colored = (environment: NodeJS.ProcessEnv, ...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', cli, 'diagnose', log, ...args], {
      env: { PATH: process.env.PATH, ...environment },
      encoding: 'utf8',
    }).stdout.includes('\u001b[');

  it('go before the environment, and the last one counts', () => {
    assert.equal(colored({ FORCE_COLOR: '1' }), true);
    assert.equal(colored({ FORCE_COLOR: '1' }, '--no-color'), false);
    assert.equal(colored({ NO_COLOR: '1' }, '--color'), true);
    assert.equal(colored({}, '--color', '--no-color'), false);
  }).timeout(60_000);
});
