import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Folder, trainlint } from './harness.ts';

/** transformers' own YAML reader is PyYAML without a cast: the rate arrives as text. */
const misread = `output_dir: out
learning_rate: 5e-5 # from the paper
per_device_train_batch_size: 32
num_train_epochs: 3
lr_scheduler_type: linear
warmup_ratio: 0.1
`;
const sound = misread.replace('5e-5', '5.0e-5');

interface Edit {
  readonly range: Record<'start' | 'end', { readonly line: number; readonly character: number }>;
  readonly newText: string;
}

/** What a script does with the edits of the JSON form. */
function apply(source: string, edits: readonly Edit[]): string {
  const starts = [...source.matchAll(/^/gm)].map(({ index }) => index);
  const at = ({ line, character }: Edit['range']['start']) => (starts[line] ?? 0) + character;
  return edits.reduceRight(
    (text, { range, newText }) => text.slice(0, at(range.start)) + newText + text.slice(at(range.end)),
    source,
  );
}

describe('trainlint lint', () => {
  let folder: Folder;
  afterEach(() => folder.remove());

  it('exits 1 with the finding in the form of the contract', async () => {
    folder = new Folder({ 'train.yaml': misread });
    const { code, stdout } = await trainlint(folder, ['lint', 'train.yaml', '--format', 'json']);
    assert.equal(code, 1);
    const findings = JSON.parse(stdout);
    const found = findings.find(({ rule }: { rule: string }) => rule === 'float-as-string');
    assert.deepEqual(found.range, { start: { line: 1, character: 15 }, end: { line: 1, character: 19 } });
    assert.equal(found.file, 'train.yaml');
    assert.equal(found.severity, 'error');
    assert.equal(found.fixes[0].safe, true);
    assert.equal(apply(misread, found.fixes[0].edits), sound);
  });

  it('exits 0 and says nothing on files that are no training configs', async () => {
    folder = new Folder({
      'package.json': '{"name": "x", "version": "1.0.0", "scripts": {"train": "python train.py --lr 5e-5"}}',
      '.github/workflows/ci.yml': 'on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n',
      'pyproject.toml': '[project]\nname = "x"\n',
      'empty.yaml': '',
    });
    const { code, stdout } = await trainlint(folder, ['lint', '--format', 'json']);
    assert.deepEqual([code, JSON.parse(stdout)], [0, []]);
  });

  it('exits 2 for a path that is not there, an unknown rule, an unknown format', async () => {
    folder = new Folder({});
    for (const args of [
      ['nowhere.yaml'],
      ['--rule', 'no-such-rule=off'],
      ['--format', 'xml'],
      ['--max-warnings', 'many'],
      ['--wat'],
    ])
      assert.equal((await trainlint(folder, ['lint', ...args])).code, 2, args.join(' '));
  });

  it('respects .gitignore and the project file, and never enters node_modules', async () => {
    folder = new Folder({
      '.gitignore': 'out/\n',
      'out/a.yaml': misread,
      'node_modules/x/a.yaml': misread,
      'old/a.yaml': misread,
      'new/a.yaml': misread,
      'trainlint.config.json': '{"ignore": ["old/"]}',
    });
    const { stdout } = await trainlint(folder, [
      'lint',
      '--format',
      'json',
      '--rule',
      'float-as-string=error',
    ]);
    const files = new Set(JSON.parse(stdout).map(({ file }: { file: string }) => file));
    assert.deepEqual([...files], ['new/a.yaml']);
  });

  it('takes severities from the project file and refuses one it cannot understand', async () => {
    folder = new Folder({
      'train.yaml': misread,
      'trainlint.config.json': '{"rules": {"float-as-string": "off"}}',
    });
    assert.equal((await trainlint(folder, ['lint', 'train.yaml'])).code, 0);
    folder.remove();
    folder = new Folder({ 'train.yaml': misread, 'trainlint.config.json': '{"rulez": {}}' });
    const { code, stderr } = await trainlint(folder, ['lint', 'train.yaml']);
    assert.equal(code, 2);
    assert.match(stderr, /trainlint\.config\.json:1:\d+: .*rulez/);
  });

  it('--fix writes the safe fix and nothing else', async () => {
    folder = new Folder({ 'train.yaml': misread });
    const { code } = await trainlint(folder, ['lint', 'train.yaml', '--fix']);
    assert.equal(readFileSync(join(folder.path, 'train.yaml'), 'utf8'), sound);
    assert.equal(code, 0);
  });

  it('--fix --diff shows it and leaves the file alone', async () => {
    folder = new Folder({ 'train.yaml': misread });
    const { stdout } = await trainlint(folder, ['lint', 'train.yaml', '--fix', '--diff']);
    assert.match(
      stdout,
      /^-learning_rate: 5e-5 # from the paper\n\+learning_rate: 5\.0e-5 # from the paper$/m,
    );
    assert.equal(readFileSync(join(folder.path, 'train.yaml'), 'utf8'), misread);
  });

  it('reads standard input under a name, and with --fix writes the text to standard output', async () => {
    folder = new Folder({});
    const linted = await trainlint(folder, ['lint', '--stdin-filename', 'a/train.yaml', '--format', 'json'], {
      stdin: misread,
    });
    assert.equal(JSON.parse(linted.stdout)[0].file, 'a/train.yaml');
    const fixed = await trainlint(folder, ['lint', '--stdin-filename', 'train.yaml', '--fix'], {
      stdin: misread,
    });
    assert.equal(fixed.stdout, sound);
  });

  it('keeps CRLF and a byte-order mark when it fixes', async () => {
    const windows = `\uFEFF${misread.replaceAll('\n', '\r\n')}`;
    folder = new Folder({ 'train.yaml': windows });
    await trainlint(folder, ['lint', 'train.yaml', '--fix']);
    assert.equal(readFileSync(join(folder.path, 'train.yaml'), 'utf8'), windows.replace('5e-5', '5.0e-5'));
  });

  it('takes a baseline, then reports only what is new', async () => {
    folder = new Folder({ 'train.yaml': misread });
    const first = await trainlint(folder, ['lint', 'train.yaml', '--baseline', 'base.json']);
    assert.equal(first.code, 0);
    assert.equal((await trainlint(folder, ['lint', 'train.yaml', '--baseline', 'base.json'])).code, 0);
    folder.remove();
    folder = new Folder({ 'train.yaml': misread, 'base.json': '{"version": 1, "findings": {}}' });
    assert.equal((await trainlint(folder, ['lint', 'train.yaml', '--baseline', 'base.json'])).code, 1);
  });

  it('counts warnings against --max-warnings', async () => {
    folder = new Folder({ 'train.yaml': misread });
    const as = (level: string, limit: string) =>
      trainlint(folder, [
        'lint',
        'train.yaml',
        '--rule',
        `float-as-string=${level}`,
        '--max-warnings',
        limit,
      ]);
    assert.equal((await as('warning', '0')).code, 1);
    assert.equal((await as('warning', '50')).code, 0);
    assert.equal((await as('off', '50')).code, 0);
  });

  it('silences by comment, and reports a comment that silences nothing', async () => {
    const commented = misread.replace(
      'learning_rate',
      '# trainlint-disable-next-line float-as-string -- known\nlearning_rate',
    );
    folder = new Folder({
      'train.yaml': commented,
      'sound.yaml': `# trainlint-disable-file float-as-string\n${sound}`,
    });
    const { stdout } = await trainlint(folder, ['lint', '--format', 'json']);
    const rules = JSON.parse(stdout).map(
      ({ file, rule }: { file: string; rule: string }) => `${file} ${rule}`,
    );
    assert.ok(!rules.includes('train.yaml float-as-string'));
    assert.ok(rules.includes('sound.yaml unused-suppression'));
  });

  it('says that a file asked for by name was too large to read; in a folder it is just data', async () => {
    folder = new Folder({ 'big.yaml': `${sound}${'x: 1\n'.repeat(200_000)}` });
    const named = await trainlint(folder, ['lint', 'big.yaml', '--format', 'json']);
    assert.deepEqual([named.code, JSON.parse(named.stdout)], [0, []]);
    assert.match(named.stderr, /^trainlint: big\.yaml: .*not read/m);
    assert.equal((await trainlint(folder, ['lint'])).stderr, '');
  });

  it('speaks Korean', async () => {
    folder = new Folder({ 'train.yaml': misread });
    const { stdout } = await trainlint(folder, ['lint', 'train.yaml'], { lang: 'ko' });
    assert.match(stdout, /오류 float-as-string/);
    assert.match(stdout, /[가-힣]+니다/);
  });

  it('writes valid SARIF and GitHub annotations', async () => {
    folder = new Folder({ 'train.yaml': misread });
    const log = JSON.parse((await trainlint(folder, ['lint', 'train.yaml', '--format', 'sarif'])).stdout);
    const result = log.runs[0].results.find(({ ruleId }: { ruleId: string }) => ruleId === 'float-as-string');
    assert.equal(log.runs[0].tool.driver.rules[result.ruleIndex].id, 'float-as-string');
    assert.deepEqual(result.locations[0].physicalLocation.region, {
      startLine: 2,
      startColumn: 16,
      endLine: 2,
      endColumn: 20,
    });
    const github = (await trainlint(folder, ['lint', 'train.yaml', '--format', 'github'])).stdout;
    assert.match(github, /^::error file=train\.yaml,line=2,col=16,/m);
  });

  it('says with --statistics which rules could not tell', async () => {
    folder = new Folder({ 'train.yaml': sound });
    const { stderr } = await trainlint(folder, ['lint', 'train.yaml', '--statistics']);
    assert.match(stderr, /Rules that could not tell/);
  });
});
