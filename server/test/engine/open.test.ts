import assert from 'node:assert/strict';
import { lint } from '../../src/engine/lint.ts';
import { openConfig } from '../../src/engine/open.ts';

const config = `output_dir: out
per_device_train_batch_size: 8
num_train_epochs: 3
learning_rate: 5.0e-5
`;

describe('opening a file of several documents', () => {
  it('takes those for runs that the framework knows', () => {
    const { file } = openConfig(`${config}---\nfoo: bar\n---\n${config}`, 'train.yaml');
    assert.deepEqual(
      file?.runs.map(({ root }) => root),
      [0, 2],
    );
    const second = file?.document.roots[1]?.span;
    assert.ok(file && second);
    assert.ok(lint(file).findings.every(({ span }) => span.start < second.start || span.start > second.end));
  });

  it('takes a dialect chosen by hand at its word', () => {
    const { file } = openConfig('foo: bar\n---\nlearning_rate: 5.0e-5\n', 'train.yaml', {
      dialect: 'hf-trainer',
    });
    assert.equal(file?.runs.length, 2);
  });
});
