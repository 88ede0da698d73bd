import assert from 'node:assert/strict';
import { lint } from '../../src/engine/lint.ts';
import { openConfig } from '../../src/engine/open.ts';
import { architecturePreferenceTable, asRange } from '../../src/knowledge/architectures.ts';
import { domainPreferenceTable } from '../../src/knowledge/domains.ts';
import { type OptimizerId, optimizerIds } from '../../src/knowledge/ids.ts';
import { optimizerById } from '../../src/knowledge/optimizers.ts';
import { dataTraitPreferenceTable, goalPreferenceTable } from '../../src/knowledge/traits-and-goals.ts';

/** Every row of the preference tables: a config that keeps it is silent, one that breaks it is reported. */
describe('preference tables', () => {
  for (const row of domainPreferenceTable) {
    describe(`domain ${row.id}`, () => {
      for (const { optimizer } of row.preferences)
        it(`is silent about ${optimizer}`, () => {
          assert.deepEqual(found('optimizer-domain', `domain=${row.id}`, optimizer), []);
        });
      const start = row.startingPoint;
      if (start?.learningRate !== undefined)
        it('holds its starting point', () => {
          const rate = start.learningRate ?? 0;
          assert.deepEqual(found('lr-range', `domain=${row.id}`, start.optimizer, { rate }), []);
          const high = { rate: rate * 1000 };
          assert.deepEqual(found('lr-range', `domain=${row.id}`, start.optimizer, high), ['warning']);
        });
      it('reports an optimizer outside the ranking', () => {
        const ranked = row.preferences.map(({ optimizer }) => optimizer);
        const also = row.alsoUsed.map(({ optimizer }) => optimizer);
        const outside = optimizerIds.find((id) => isPlain(id) && ![...ranked, ...also].includes(id));
        assert.ok(outside);
        assert.deepEqual(found('optimizer-domain', `domain=${row.id}`, outside), ['information']);
        for (const optimizer of also)
          assert.deepEqual(found('optimizer-domain', `domain=${row.id}`, optimizer), ['hint'], optimizer);
      });
    });
  }

  for (const row of architecturePreferenceTable) {
    describe(`architecture ${row.id}`, () => {
      const facts = `architecture=${row.id} ${row.conditions.stages?.includes('pretraining') ? 'from-scratch=true parameters=125e6' : 'from-scratch=false'}`;
      const batch = asRange(row.batchSize).low;
      it("is silent about the row's own optimizer, learning rate and batch", () => {
        const config = { optimizer: row.optimizer, rate: asRange(row.learningRate).low, batch };
        for (const rule of ['optimizer-architecture', 'lr-range', 'lr-batch-scaling'])
          assert.deepEqual(found(rule, facts, config.optimizer, config), [], rule);
      });
      it('reports an optimizer nobody uses for it', () => {
        const also = row.alsoUsed.map(({ optimizer }) => optimizer);
        const wrong = (['lbfgs', 'kfac', 'adagrad'] as const).find((id) => !also.includes(id as OptimizerId));
        assert.ok(wrong);
        assert.deepEqual(found('optimizer-architecture', facts, wrong), ['information']);
      });
      it('reports a learning rate three hundred times too high', () => {
        const rate = asRange(row.learningRate).high * 300;
        assert.deepEqual(found('lr-range', facts, row.optimizer, { rate, batch }), ['warning']);
      });
      it('reports a learning rate a thousand times too low', () => {
        const rate = asRange(row.learningRate).low / 1000;
        assert.deepEqual(found('lr-range', facts, row.optimizer, { rate, batch }).length, 1);
      });
    });
  }

  for (const row of dataTraitPreferenceTable) {
    describe(`trait ${row.id}`, () => {
      for (const optimizer of row.fitting)
        it(`is silent about ${optimizer}`, () => {
          assert.deepEqual(found('optimizer-trait', `traits=${row.id}`, optimizer), []);
        });
      for (const optimizer of row.unfitting)
        it(`reports ${optimizer}`, () => {
          assert.deepEqual(found('optimizer-trait', `traits=${row.id}`, optimizer), ['information']);
        });
    });
  }

  for (const row of goalPreferenceTable) {
    describe(`goal ${row.id}`, () => {
      for (const optimizer of row.optimizers)
        it(`is silent about ${optimizer}`, () => {
          assert.deepEqual(found('optimizer-goal', `goal=${row.id}`, optimizer), []);
        });
      const rates = row.facts.learningRate;
      if (rates)
        it('holds its learning rates', () => {
          const goal = `goal=${row.id}`;
          assert.deepEqual(found('lr-range', goal, 'adamw', { rate: rates.low }), []);
          assert.deepEqual(found('lr-range', goal, 'adamw', { rate: rates.high }), []);
          assert.deepEqual(found('lr-range', goal, 'adamw', { rate: rates.high * 100 }), ['information']);
        });
      it('reports another optimizer', () => {
        assert.deepEqual(found('optimizer-goal', `goal=${row.id}`, 'rmsprop'), ['information']);
      });
    });
  }
});

function isPlain(id: OptimizerId): boolean {
  return optimizerById(id).family !== 'wrapper';
}

/** Severities of one rule's findings in a small config with these facts. */
function found(
  rule: string,
  facts: string,
  optimizer: OptimizerId,
  { rate, batch }: { rate?: number; batch?: number } = {},
): readonly string[] {
  const lines = [
    `# trainlint: ${facts} world-size=1`,
    `optimizer: ${nameOf[optimizer] ?? optimizer}`,
    ...(optimizer === 'sgd-momentum' || optimizer === 'nag' ? ['momentum: 0.9'] : []),
    ...(optimizer === 'nag' ? ['nesterov: true'] : []),
    ...(rate === undefined ? [] : [`learning_rate: ${spelled(rate)}`]),
    ...(batch === undefined ? [] : [`batch_size: ${batch}`]),
    'epochs: 3',
  ];
  const { file } = openConfig(`${lines.join('\n')}\n`, 'train.yaml');
  assert.ok(file, 'the config is recognised');
  const [run] = file.runs;
  assert.equal(run?.settings.optimizer?.value, optimizer);
  return lint(file)
    .findings.filter((one) => one.rule === rule)
    .map(({ severity }) => severity);
}

const nameOf: Partial<Record<OptimizerId, string>> = { 'sgd-momentum': 'sgd', nag: 'sgd' };

/** Without an exponent: PyYAML would read one without a dot as text. */
function spelled(rate: number): string {
  return rate.toFixed(12).replace(/0+$/, '');
}
