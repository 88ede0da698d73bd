import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as knowledge from '../../src/knowledge/index.ts';

describe('optimizerByFrameworkName', () => {
  const expected: [name: string, optimizer: string | null, framework?: string][] = [
    ['adamw_torch', 'adamw'],
    ['adamw_torch_fused', 'adamw', 'hf-trainer'],
    ['ADAMW', 'adamw'],
    ['torch.optim.AdamW', 'adamw'],
    ['paged_adamw_8bit', 'adamw'],
    ['bitsandbytes.optim.PagedAdamW8bit', 'adamw'],
    ['fused_adam', 'adamw'],
    ['Adam', 'adam'],
    ['Adam', 'adamw', 'deepspeed'],
    ['adam', 'adamw', 'fairseq'],
    ['Momentum', 'sgd-momentum'],
    ['SGD', 'sgd'],
    ['torch.optim.SGD', 'sgd'],
    ['L-BFGS', 'lbfgs'],
    ['torch.optim.LBFGS', 'lbfgs'],
    ["Newton's Method", 'newton'],
    ['lion_8bit', 'lion'],
    ['FusedLamb', 'lamb'],
    ['adafactor', 'adafactor'],
    ['galore_adamw', 'adamw'],
    ['SophiaG', 'sophia'],
    ['Prodigy', null],
    ['muon', null],
  ];
  for (const [name, optimizer, framework] of expected) {
    it(`${name}${framework ? ` in ${framework}` : ''} is ${optimizer}`, () => {
      const row = knowledge.optimizerByFrameworkName(name, framework);
      assert.ok(row);
      assert.equal(row.optimizer, optimizer);
    });
  }

  it('knows state bits, paging and learning rates that are multipliers', () => {
    assert.equal(knowledge.optimizerByFrameworkName('paged_adamw_8bit')?.stateBits, 8);
    assert.equal(knowledge.optimizerByFrameworkName('paged_adamw_8bit')?.paged, true);
    assert.equal(knowledge.optimizerByFrameworkName('Prodigy')?.learningRateIsMultiplier, true);
    assert.equal(knowledge.optimizerByFrameworkName('adamw')?.learningRateIsMultiplier, undefined);
  });

  it('does not guess', () => {
    for (const name of ['', 'adamish', 'optimizer', 'constructor', '__proto__', '.'])
      assert.equal(knowledge.optimizerByFrameworkName(name), undefined, name);
  });

  it('answers any text, and does not mind case, dashes or a module path', () => {
    const known = knowledge.optimizerNameTable.map(({ name }) => name).filter((name) => !name.includes('.'));
    fc.assert(
      fc.property(fc.string(), (text) => {
        knowledge.optimizerByFrameworkName(text);
        knowledge.parseOptimizer(text);
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...known), (name) => {
        const { optimizer } = knowledge.optimizerByFrameworkName(name) ?? {};
        const spellings = [name.toUpperCase(), name.replaceAll('_', '-'), `some.module.${name}`];
        for (const spelling of spellings)
          assert.equal(knowledge.optimizerByFrameworkName(spelling)?.optimizer, optimizer, spelling);
      }),
    );
  });

  it('knows every optimizer by its id and its name', () => {
    for (const { id, name } of knowledge.optimizerTable) {
      assert.equal(knowledge.optimizerByFrameworkName(id)?.optimizer, id);
      assert.equal(knowledge.optimizerByFrameworkName(name)?.optimizer, id);
    }
  });
});

describe('optimizers', () => {
  it('tells the variants of SGD apart', () => {
    assert.equal(knowledge.sgdVariant({}), 'sgd');
    assert.equal(knowledge.sgdVariant({ momentum: 0, nesterov: true }), 'sgd');
    assert.equal(knowledge.sgdVariant({ momentum: 0.9 }), 'sgd-momentum');
    assert.equal(knowledge.sgdVariant({ momentum: 0.9, nesterov: true }), 'nag');
  });

  it('reads wrappers', () => {
    assert.deepEqual(knowledge.parseOptimizer('lookahead(adam)'), { id: 'lookahead', inner: 'adam' });
    assert.deepEqual(knowledge.parseOptimizer(' sam( sgd-momentum ) '), { id: 'sam', inner: 'sgd-momentum' });
    assert.deepEqual(knowledge.parseOptimizer('ranger'), { id: 'ranger' });
    for (const wrong of ['adam(sgd)', 'ranger(adam)', 'sam(lookahead)', 'sam(', 'sam()', 'lookahead(adam)x'])
      assert.equal(knowledge.parseOptimizer(wrong), undefined, wrong);
  });

  it('rank in their domains', () => {
    assert.equal(knowledge.optimizerStanding('nlp', 'radam'), 3);
    assert.equal(knowledge.optimizerStanding('nlp', 'adafactor'), 'also-used');
    assert.equal(knowledge.optimizerStanding('nlp', 'sgd'), undefined);
  });

  it('hold the state the update rules need', () => {
    const values = (id: knowledge.OptimizerId) => knowledge.optimizerById(id).state.valuesPerParameter;
    assert.deepEqual((['sgd', 'nag', 'adam', 'lion', 'ranger'] as const).map(values), [0, 1, 2, 1, 3]);
    assert.equal(values('newton'), null);
  });
});

describe('usual learning rates', () => {
  it('LoRA is not full fine-tuning', () => {
    const query = { architecture: 'gpt', optimizer: 'adamw', stage: 'fine-tuning', parameters: 8e9 } as const;
    const full = knowledge.usualLearningRate({ ...query, method: 'full' });
    const lora = knowledge.usualLearningRate({ ...query, method: 'lora' });
    assert.equal(full?.learningRate.typical, 2e-5);
    assert.equal(lora?.learningRate.typical, 2e-4);
    assert.ok(full.learningRate.usual.high < 2e-4);
  });

  it('fall with the size of a model trained from scratch', () => {
    const query = { architecture: 'gpt', optimizer: 'adamw', method: 'full', stage: 'pretraining' } as const;
    const highs = [1.25e8, 1e9, 7e9, 7e10].map((parameters) =>
      Math.max(
        ...knowledge.possibleSituations({ ...query, parameters }).map((row) => row.learningRate.usual.high),
      ),
    );
    assert.deepEqual(
      highs,
      [...highs].sort((a, b) => b - a),
    );
  });

  it('what is unknown excludes nothing, and several rows are no answer', () => {
    const rows = knowledge.possibleSituations({ architecture: 'bert', optimizer: 'adamw' });
    assert.ok(rows.some(({ id }) => id === 'encoder-fine-tuning'));
    assert.ok(rows.some(({ id }) => id === 'encoder-pretraining'));
    assert.equal(knowledge.usualLearningRate({ architecture: 'bert', optimizer: 'adamw' }), undefined);
    assert.deepEqual(knowledge.possibleSituations({ optimizer: 'adamw' }), []);
    assert.deepEqual(knowledge.possibleSituations({ architecture: 'bert', optimizer: 'newton' }), []);
  });

  it('goals stand for stages', () => {
    const row = knowledge.usualLearningRate({
      architecture: 'bert',
      optimizer: 'radam',
      goal: 'fine-tuning',
      method: 'full',
    });
    assert.equal(row?.id, 'encoder-fine-tuning');
  });
});

describe('numeric domains', () => {
  it('are those of the constructors', () => {
    const adam = knowledge.numericDomain('adam');
    const bounds = (name: string) => adam?.parameters.find((entry) => entry.name === name)?.allowed ?? {};
    assert.ok(knowledge.isWithin(0, bounds('betas[0]')));
    assert.ok(!knowledge.isWithin(1, bounds('betas[1]')));
    assert.ok(!knowledge.isWithin(-1e-8, bounds('eps')));
    assert.ok(knowledge.isWithin(0, bounds('eps')));
    assert.ok(!knowledge.isWithin(Number.NaN, bounds('lr')));
    assert.ok(knowledge.isWithin(Number.POSITIVE_INFINITY, bounds('lr')));
    assert.equal(knowledge.numericDomain('lion'), undefined);
    assert.equal(
      knowledge.numericDomain('nag')?.combinations[0]?.message,
      'Nesterov momentum requires a momentum and zero dampening',
    );
  });

  it('formats follow from their bits', () => {
    const { smallestNormal, smallestSubnormal, zeroBelow, spacingAtOne } = knowledge.numericFormat('fp16');
    assert.deepEqual(
      [smallestNormal, smallestSubnormal, zeroBelow, spacingAtOne],
      [2 ** -14, 2 ** -24, 2 ** -25, 2 ** -10],
    );
    assert.equal(knowledge.numericFormat('bf16').spacingAtOne, 2 ** -7);
    assert.ok(1e-8 < zeroBelow);
    for (const row of knowledge.numericFormatTable) {
      assert.equal(Math.fround(row.spacingAtOne), row.spacingAtOne);
      assert.equal(row.spacingAtOne, 2 ** -row.mantissaBits);
    }
    assert.equal(knowledge.numericFormat('fp32').largest, (2 - 2 ** -23) * 2 ** 127);
    assert.equal(knowledge.numericFormat('bf16').largest, (2 - 2 ** -7) * 2 ** 127);
    assert.equal(knowledge.numericFormat('tf32').largest, (2 - 2 ** -10) * 2 ** 127);
  });
});

describe('keys that a framework checks', () => {
  it('are found by dialect', () => {
    const row = knowledge.keyDomain('ultralytics', 'lrf');
    assert.deepEqual(row?.allowed, { minimum: 0, maximum: 1 });
    assert.equal(row?.wrongValue?.exception, 'ValueError');
    assert.equal(knowledge.keyDomain('ultralytics', 'epochs')?.type, 'integer');
    assert.equal(knowledge.keyDomain('yolov5', 'lrf'), undefined);
    assert.equal(knowledge.keyDomain('ultralytics', 'model'), undefined);
  });
});
