import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import * as validators from '../../src/generated/table-validators.js';
import { validateProjectSettings } from '../../src/generated/validators.js';
import { knowledgeFiles, schemaFolder } from './files.ts';

const files = knowledgeFiles();
const camel = (name: string) => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

function validatorOf(name: string) {
  const validate = Object.entries(validators).find(([key]) => key === camel(name))?.[1];
  assert.ok(validate, `schemas/${name}.schema.json is missing`);
  return validate;
}

describe('knowledge files', () => {
  for (const [name, content] of files) {
    it(`${name} is valid against its schema`, () => {
      const validate = validatorOf(name);
      const valid = validate(content);
      assert.ok(valid, JSON.stringify(validate.errors?.slice(0, 5), null, 2));
      assert.equal((content as { $schema?: string }).$schema, `../${name}.schema.json`);
    });
  }

  it('each schema has its file', () => {
    const others = ['common', 'trainlint.config'];
    const names = readdirSync(schemaFolder)
      .filter((file) => file.endsWith('.schema.json'))
      .map((file) => file.replace('.schema.json', ''))
      .filter((name) => !others.includes(name) && !name.startsWith('dialect'));
    assert.deepEqual(
      names.filter((name) => !files.has(name)),
      [],
    );
  });

  it('the schemas refuse strangers, missing languages, Korean in English and wrong types', () => {
    const validate = validatorOf('domain-preferences');
    const spoilt = (spoil: (row: Record<string, unknown>) => void) => {
      const copy = structuredClone(files.get('domain-preferences')) as { rows: Record<string, unknown>[] };
      const [row] = copy.rows;
      assert.ok(row);
      spoil(row);
      return validate(copy);
    };
    assert.ok(spoilt(() => {}));
    assert.ok(!spoilt((row) => Object.assign(row, { more: 1 })));
    assert.ok(!spoilt((row) => Object.assign(row, { name: { en: 'Vision' } })));
    assert.ok(!spoilt((row) => Object.assign(row, { name: { en: '비전', ko: '비전' } })));
    assert.ok(!spoilt((row) => Object.assign(row, { id: 'vision' })));
    assert.ok(!spoilt((row) => Object.assign(row, { sources: [] })));
    assert.ok(!spoilt((row) => Object.assign(row, { preferences: [{ rank: '1', optimizer: 'adam' }] })));
  });
});

describe('the schema of project settings', () => {
  it('takes everything it describes', () => {
    const settings = {
      rules: { 'lr-range': 'off', 'optimizer-domain': 'warning' },
      overrides: [
        {
          files: ['configs/**/*.yaml'],
          dialect: 'hf-trainer',
          domain: 'nlp',
          architecture: 'bert',
          goal: 'fine-tuning',
          traits: ['imbalanced'],
          datasetSize: 3668,
          worldSize: 8,
          parameters: 7e9,
          rules: { 'lr-range': 'hint' },
        },
      ],
      frameworkVersions: { transformers: '4.46.1', torch: '2.13', deepspeed: '0.15.0rc1' },
      ignore: ['third_party/**'],
      worldSize: 4,
    };
    assert.ok(validateProjectSettings(settings), JSON.stringify(validateProjectSettings.errors));
    assert.ok(validateProjectSettings({}));
  });

  for (const [what, settings] of Object.entries({
    'an unknown level': { rules: { 'lr-range': 'loud' } },
    'a rule id that cannot be': { rules: { LrRange: 'off' } },
    'an unknown key': { rule: {} },
    'an override without files': { overrides: [{ domain: 'nlp' }] },
    'an unknown domain': { overrides: [{ files: ['*.yaml'], domain: 'vision' }] },
    'a version that is a number': { frameworkVersions: { torch: 2.1 } },
    'no processes at all': { worldSize: 0 },
    'a list': [],
  })) {
    it(`refuses ${what}`, () => {
      assert.ok(!validateProjectSettings(settings));
      assert.ok((validateProjectSettings.errors ?? []).length > 0);
    });
  }
});
