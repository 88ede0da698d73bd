import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Folder, trainlint } from './harness.ts';

/** Small enough for milliseconds: the dense proxy, recognised by its domain. */
const healthy = `# trainlint: domain=on-device
optimizer: adam
learning_rate: 1.0e-3
lr_scheduler: cosine
epochs: 10
batch_size: 64
`;
const broken = healthy.replace('1.0e-3', '1.0e-1');
const log = (name: string) =>
  readFileSync(new URL(`../../../test-fixtures/logs/${name}`, import.meta.url), 'utf8');

type Line = Record<string, unknown> & { readonly type: string };

describe('trainlint run, sweep, compare, diagnose', function () {
  this.timeout(120_000);
  let folder: Folder;
  before(() => {
    folder = new Folder({
      'healthy.yaml': healthy,
      'broken.yaml': broken,
      'sgd.yaml': healthy.replace('adam', 'sgd'),
      'other.yaml': 'name: nothing to train\n',
      'nan.json': log('trainer_state-nan.json'),
      'good.json': log('trainer_state-healthy.json'),
      'overfit.csv': log('ultralytics-results-overfit.csv'),
      'words.txt': 'just words\n',
    });
  });
  after(() => folder.remove());

  async function jsonl(...argv: string[]): Promise<{ code: number; lines: Line[] }> {
    const { code, stdout, stderr } = await trainlint(folder, ['run', ...argv, '--format', 'jsonl']);
    assert.notEqual(code, 2, stderr);
    return {
      code,
      lines: stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Line),
    };
  }

  it('run ends with the way to the user’s own model, in both languages', async () => {
    for (const lang of ['en', 'ko'] as const) {
      const { stdout } = await trainlint(folder, ['run', 'healthy.yaml', '--steps', '120'], { lang });
      assert.match(stdout.trimEnd().split('\n').slice(-2).join(' '), /trainlint snippet healthy\.yaml/);
    }
  });

  it('run --format jsonl writes spec, steps and summary for a healthy config and exits 0', async () => {
    const { code, lines } = await jsonl('healthy.yaml', '--steps', '120', '--seed', '5');
    assert.equal(code, 0);
    const [spec] = lines;
    assert.equal(spec?.type, 'spec');
    assert.equal(spec?.proxy, 'mlp');
    assert.equal(spec?.optimizer, 'adam');
    assert.equal(spec?.steps, 120);
    assert.equal(spec?.seed, 5);
    assert.match(String(spec?.backend), /^(native|wasm)-/);
    const scaled = (spec?.scaled ?? []) as object[];
    for (const key of ['what', 'from', 'to', 'rule', 'source']) assert.ok(key in (scaled[0] ?? {}));
    const steps = lines.filter(({ type }) => type === 'step');
    assert.deepEqual(
      steps.map(({ step }) => step),
      Array.from({ length: 120 }, (_, index) => index + 1),
    );
    for (const key of ['loss', 'gradNorm', 'lr']) assert.equal(typeof steps[0]?.[key], 'number');
    const summary = lines.at(-1);
    assert.equal(summary?.type, 'summary');
    assert.equal(summary?.healthy, true);
    assert.deepEqual(summary?.symptoms, []);
    assert.equal(typeof summary?.seconds, 'number');
  });

  it('run --verify-fixes names the symptom, trains the fixes and exits 1', async () => {
    const { code, lines } = await jsonl('broken.yaml', '--verify-fixes');
    assert.equal(code, 1);
    const symptom = lines.find(({ type }) => type === 'symptom');
    assert.ok(['early-instability', 'loss-divergence'].includes(String(symptom?.symptom)));
    assert.ok(Number(symptom?.step) >= 1 && Number(symptom?.confidence) > 0.3);
    assert.equal(typeof symptom?.evidence, 'object');
    const fixes = lines.filter(({ type }) => type === 'fix');
    assert.ok(fixes.length >= 3);
    for (const fix of fixes) {
      assert.ok(['heals', 'partly', 'no', 'worse'].includes(String(fix.verdict)));
      assert.equal(fix.healed, fix.verdict === 'heals');
      assert.ok(fix.ratio === null || typeof fix.ratio === 'number');
      assert.equal(typeof fix.title, 'string');
      assert.ok(Array.isArray((fix.change as { operations: unknown }).operations));
    }
    assert.ok(fixes.some(({ healed }) => healed));
    assert.equal(lines.at(-1)?.healthy, false);
  });

  it('run gives the same steps for the same seed', async () => {
    const steps = async () =>
      (await jsonl('healthy.yaml', '--steps', '60')).lines.filter(({ type }) => type === 'step');
    assert.deepEqual(await steps(), await steps());
  });

  it('run draws the curves and says what was scaled, in both languages', async () => {
    const { code, stdout, stderr } = await trainlint(folder, ['run', 'broken.yaml', '--verify-fixes']);
    assert.equal(code, 1);
    assert.equal(stderr, '');
    for (const part of [
      'Gradient norm',
      'your config',
      'heals',
      'What was carried over',
      'Resolution: a factor of ten',
    ])
      assert.ok(stdout.includes(part), part);
    assert.ok(/[\u2800-\u28ff]{5}/.test(stdout));
    assert.ok(!stdout.includes('\u001b'));
    const korean = await trainlint(folder, ['run', 'healthy.yaml'], { lang: 'ko' });
    for (const part of ['내 설정', '정상', '해상도']) assert.ok(korean.stdout.includes(part), part);
  });

  it('run refuses in a sentence', async () => {
    const cases: [string[], RegExp][] = [
      [['other.yaml'], /not recognised as a training config/],
      [['missing.yaml'], /cannot read missing.yaml/],
      [[], /expected one config file/],
      [['healthy.yaml', '--steps', '0'], /--steps 0/],
      [['healthy.yaml', '--seed', 'x'], /--seed x/],
      [['healthy.yaml', '--format', 'xml'], /--format xml/],
      [['healthy.yaml', '--proxy', 'alexnet'], /no proxy "alexnet"/],
      [['healthy.yaml', '--run', '7'], /--run 7/],
    ];
    for (const [argv, message] of cases) {
      const { code, stderr } = await trainlint(folder, ['run', ...argv]);
      assert.equal(code, 2, argv.join(' '));
      assert.match(stderr, message);
    }
  });

  it('sweep marks the configured rate and suggests one', async () => {
    const pretty = await trainlint(folder, ['sweep', 'healthy.yaml', '--seeds', '1']);
    assert.equal(pretty.code, 0, pretty.stderr);
    assert.match(pretty.stdout, /← your config/);
    assert.match(pretty.stdout, /Suggestion/);
    const { stdout } = await trainlint(folder, [
      ...[
        'sweep',
        'healthy.yaml',
        '--lr',
        '1e-4:1e-2:5',
        '--seeds',
        '1',
        '--format',
        'json',
        '--shard',
        '1/2',
      ],
    ]);
    const points = (JSON.parse(stdout) as { points: { learningRate: number }[] }).points;
    assert.deepEqual(
      points.map(({ learningRate }) => learningRate),
      [1e-4, 1e-3, 1e-2],
    );
    assert.equal((await trainlint(folder, ['sweep', 'healthy.yaml', '--lr', '1:0:3'])).code, 2);
    assert.equal((await trainlint(folder, ['sweep', 'healthy.yaml', '--shard', '3/2'])).code, 2);
  });

  it('compare counts steps to a common loss beside the published table', async () => {
    const { code, stdout } = await trainlint(folder, [
      ...['compare', 'healthy.yaml', '--optimizers', 'sgd,adam', '--seeds', '2', '--format', 'json'],
    ]);
    assert.equal(code, 0);
    const result = JSON.parse(stdout) as {
      target: number;
      contestants: { optimizer: string; speed: { early: number }; published: { early: number } }[];
      caveat: string;
    };
    const [sgd, adam] = result.contestants;
    assert.equal(sgd?.speed.early, 1);
    assert.ok((adam?.speed.early ?? 0) > 0);
    assert.equal(adam?.published.early, 3);
    assert.match(result.caveat, /Tendencies/);
    const pretty = await trainlint(folder, ['compare', 'healthy.yaml', '--seeds', '1']);
    assert.match(pretty.stdout, /radam/);
    assert.equal((await trainlint(folder, ['compare', 'healthy.yaml', '--optimizers', 'adamq'])).code, 2);
  });

  it('switch trains with, without and beside a switch, and says how one does it', async () => {
    const argv = ['switch', 'healthy.yaml', '--seeds', '2', '--steps', '120'];
    const { code, stdout } = await trainlint(folder, [...argv, '--at', '0.5', '--format', 'json']);
    assert.equal(code, 0);
    const result = JSON.parse(stdout) as {
      evidence: string;
      at: number;
      rates: { peak: number; source: string };
      arms: { id: string; losses: (number | null)[] }[];
      stages: string[];
    };
    assert.equal(result.evidence, 'proxy');
    assert.equal(result.at, 0.5);
    assert.ok(result.rates.peak > 0 && result.rates.source !== '');
    assert.deepEqual(
      result.arms.map(({ id, losses }) => [id, losses.length]),
      [
        ['adam', 2],
        ['switch', 2],
        ['sgd', 2],
      ],
    );
    assert.ok(result.stages.some((stage) => stage.includes('weights only')));
    const pretty = await trainlint(folder, argv, { lang: 'ko' });
    for (const part of ['대리 모델 근거', '처음부터 SGD', '실제로 전환하려면'])
      assert.ok(pretty.stdout.includes(part), part);
    const refused = await trainlint(folder, ['switch', 'sgd.yaml']);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /the switch to SGD is one from Adam or AdamW/);
    assert.equal((await trainlint(folder, ['switch', 'healthy.yaml', '--at', '60'])).code, 2);
  });

  it('diagnose prints the symptoms of every log with its file', async () => {
    const { code, stdout } = await trainlint(folder, [
      'diagnose',
      'nan.json',
      'good.json',
      'overfit.csv',
      '--format',
      'json',
    ]);
    assert.equal(code, 1);
    const records = JSON.parse(stdout) as {
      file: string;
      symptom: string;
      step: number;
      confidence: number;
      evidence: object;
    }[];
    assert.deepEqual(
      records.map(({ file, symptom }) => [file, symptom]),
      [
        ['nan.json', 'loss-divergence'],
        ['overfit.csv', 'overfitting'],
      ],
    );
    for (const { step, confidence, evidence } of records) {
      assert.ok(step > 0 && confidence > 0);
      assert.equal(typeof evidence, 'object');
    }
  });

  it('diagnose draws a log, is content with a healthy one and refuses others', async () => {
    const good = await trainlint(folder, ['diagnose', 'good.json'], { lang: 'ko' });
    assert.equal(good.code, 0);
    assert.match(good.stdout, /증상 없음/);
    const bad = await trainlint(folder, ['diagnose', 'words.txt', 'missing.json']);
    assert.equal(bad.code, 2);
    assert.match(bad.stderr, /words.txt: This is none of the logs/);
    assert.match(bad.stderr, /missing.json: There is no such file/);
    assert.equal((await trainlint(folder, ['diagnose'])).code, 2);
  });
});
