import assert from 'node:assert/strict';
import * as knowledge from '../../src/knowledge/index.ts';
import { knowledgeFiles, readSchema, walk } from './files.ts';

const files = knowledgeFiles();
const tables = knowledge.allTables();

describe('texts of the tables', () => {
  for (const [name, content] of files) {
    it(`${name} has both languages, and Korean only where it belongs`, () => {
      walk(content, (object, path) => {
        if (!('en' in object) && !('ko' in object)) return;
        const { en, ko } = object;
        assert.ok(typeof en === 'string' && en.trim() !== '', `${path}.en`);
        assert.ok(typeof ko === 'string' && ko.trim() !== '', `${path}.ko`);
        assert.doesNotMatch(en, /\p{Script=Hangul}/u, path);
        // Names and formulas stand alone in Korean too; sentences do not.
        const words = ko.match(/[a-z]{3,}/gi) ?? [];
        assert.ok(/\p{Script=Hangul}/u.test(ko) || words.length <= 4, `${path}: untranslated: ${ko}`);
      });
    });
  }
});

describe('references between the tables', () => {
  it('every file is among the tables that are printed', () => {
    const printed = JSON.stringify(Object.values(tables));
    for (const [name, content] of files) {
      const { $schema: _, ...rest } = content as Record<string, unknown>;
      const parts = Array.isArray(rest.rows) ? Object.values(rest) : [rest];
      for (const part of parts)
        assert.ok(printed.includes(JSON.stringify(part)), `${name} is missing in knowledge/all-tables.ts`);
    }
  });

  it('ids are unique within each table', () => {
    for (const [name, content] of Object.entries(tables)) {
      if (!Array.isArray(content) || !content.every((row) => 'id' in row)) continue;
      const ids = content.map((row) => String((row as { id: unknown }).id));
      assert.equal(new Set(ids).size, ids.length, name);
    }
  });

  it('the shared ids are those of the schemas', () => {
    const { $defs } = readSchema('common') as { $defs: Record<string, { enum?: string[] }> };
    assert.deepEqual($defs.optimizerId?.enum, [...knowledge.optimizerIds]);
    assert.deepEqual($defs.domainId?.enum, [...knowledge.domainIds]);
    assert.deepEqual($defs.architectureId?.enum, [...knowledge.architectureIds]);
    assert.deepEqual($defs.traitId?.enum, [...knowledge.traitIds]);
    assert.deepEqual($defs.goalId?.enum, [...knowledge.goalIds]);
    assert.deepEqual($defs.symptomId?.enum, [...knowledge.symptomIds]);
    assert.deepEqual($defs.trainingMethod?.enum, [...knowledge.trainingMethods]);
    assert.deepEqual($defs.trainingStage?.enum, [...knowledge.trainingStages]);
  });

  it('the schema of project settings stands alone and knows the same ids', () => {
    const settings = readSchema('trainlint.config') as { $defs: Record<string, { enum?: string[] }> };
    assert.ok(!JSON.stringify(settings).includes('common.schema.json'));
    assert.deepEqual(settings.$defs.domainId?.enum, [...knowledge.domainIds]);
    assert.deepEqual(settings.$defs.architectureId?.enum, [...knowledge.architectureIds]);
    assert.deepEqual(settings.$defs.goalId?.enum, [...knowledge.goalIds]);
    assert.deepEqual(settings.$defs.traitId?.enum, [...knowledge.traitIds]);
    assert.deepEqual(settings.$defs.level?.enum, ['off', ...knowledge.severities]);
  });

  it('every id has its row, in the shared order', () => {
    const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
    assert.deepEqual(idsOf(knowledge.optimizerTable), [...knowledge.optimizerIds]);
    assert.deepEqual(idsOf(knowledge.domainPreferenceTable), [...knowledge.domainIds]);
    assert.deepEqual(idsOf(knowledge.architecturePreferenceTable), [...knowledge.architectureIds]);
    assert.deepEqual(idsOf(knowledge.dataTraitPreferenceTable), [...knowledge.traitIds]);
    assert.deepEqual(idsOf(knowledge.goalPreferenceTable), [...knowledge.goalIds]);
    assert.deepEqual(idsOf(knowledge.symptomTable), [...knowledge.symptomIds]);
  });

  it('domains name reasons that exist and speak of them', () => {
    for (const row of knowledge.domainPreferenceTable) {
      for (const id of row.reasons) {
        const reason = knowledge.reasonById(id);
        assert.ok(reason, `${row.id} names the reason ${id}`);
        assert.ok(reason.domains.includes(row.id), `${id} does not speak of ${row.id}`);
      }
    }
    for (const row of knowledge.dataTraitPreferenceTable) {
      for (const id of row.reasons) assert.ok(knowledge.reasonById(id), id);
    }
  });

  it('architectures name situations that exist and name them back', () => {
    for (const row of knowledge.architecturePreferenceTable) {
      assert.ok(row.situations.length > 0, row.id);
      for (const id of row.situations) assert.ok(knowledge.situationById(id), `${row.id}: ${id}`);
    }
    for (const situation of knowledge.situationTable) {
      for (const id of situation.architectures) {
        const known = knowledge.architecturePreference(id).situations;
        assert.ok(known.includes(situation.id), `${situation.id} is missing at ${id}`);
      }
    }
  });

  it('the decision tree leads from its root to every node, and only forward', () => {
    const seen = new Set<string>();
    const visit = (id: string, above: readonly string[]) => {
      assert.ok(!above.includes(id), `${id} leads back to itself`);
      seen.add(id);
      const node = knowledge.decisionNode(id);
      if (node.kind === 'question') {
        for (const { next } of node.question.answers) visit(next, [...above, id]);
      }
    };
    visit(knowledge.decisionTree.root, []);
    const { questions, choices } = knowledge.decisionTree;
    assert.deepEqual(
      [...questions, ...choices].map(({ id }) => id).filter((id) => !seen.has(id)),
      [],
    );
    assert.throws(() => knowledge.decisionNode('nowhere'), /no node nowhere/);
  });

  it('ranges run upwards, typical values lie in them, and every row says where it comes from', () => {
    walk([...files.values()], (object, path) => {
      if (typeof object.low === 'number' && typeof object.high === 'number') {
        assert.ok(object.low <= object.high, path);
      }
      if ('evidence' in object) assert.ok(Array.isArray(object.sources) && object.sources.length > 0, path);
    });
    const inside = (value: number, range: { low: number; high: number }) =>
      value >= range.low && value <= range.high;
    for (const { id, learningRate } of knowledge.situationTable) {
      const { typical, usual, extremes } = learningRate;
      assert.ok(inside(typical, usual), `${id}: typical`);
      assert.ok(inside(usual.low, extremes) && inside(usual.high, extremes), `${id}: extremes`);
    }
    for (const { id, typical, usual, extremes } of knowledge.usualValueTable) {
      if (typical !== undefined && usual) assert.ok(inside(typical, usual), id);
      if (usual && extremes) assert.ok(inside(usual.low, extremes) && inside(usual.high, extremes), id);
    }
  });

  it('rows of the document agree with the situations that repeat them', () => {
    for (const [architecture, id] of [
      ['resnet', 'cnn-scratch-sgd'],
      ['efficientnet', 'efficientnet-scratch-rmsprop'],
      ['vit', 'vit-scratch'],
      ['gpt', 'llm-pretraining-small'],
      ['t5', 't5-fine-tuning-adafactor'],
      ['lstm', 'rnn-adam'],
      ['gru', 'rnn-rmsprop'],
      ['gan-generator', 'gan'],
      ['unet', 'segmentation-adam'],
      ['yolo', 'yolo-sgd'],
      ['mask-rcnn', 'detection-sgd'],
      ['ppo', 'ppo'],
    ] as const) {
      const row = knowledge.architecturePreference(architecture);
      const situation = knowledge.situationById(id);
      assert.ok(situation, id);
      assert.ok(situation.optimizers.includes(row.optimizer), id);
      assert.equal(situation.learningRate.typical, row.learningRate, id);
    }
  });
});
