import assert from 'node:assert/strict';
import { infer } from '../../src/run/infer.ts';
import { valueOf } from '../../src/run/training-run.ts';
import { runWith } from './runs.ts';

describe('infer', () => {
  it('knows an encoder by its name, with the reason', () => {
    const run = infer(runWith({ model: 'bert-base-uncased' }), 'hf-trainer');
    assert.equal(valueOf(run, 'architecture'), 'bert');
    assert.equal(valueOf(run, 'domain'), 'nlp');
    assert.equal(valueOf(run, 'parameterCount'), 110e6);
    assert.equal(run.settings.architecture?.from, 'inferred');
    assert.match(run.settings.architecture?.why?.en ?? '', /bert-base-uncased/);
  });

  it('leaves what is stated alone', () => {
    const run = infer(
      runWith({ model: 'bert-base-uncased', domain: 'timeseries-transformer' }),
      'hf-trainer',
    );
    assert.equal(valueOf(run, 'domain'), 'timeseries-transformer');
    assert.equal(
      valueOf(run, 'architecture'),
      undefined,
      'an architecture of another domain would contradict it',
    );
  });

  it('prefers the model to the framework', () => {
    const run = infer(runWith({ model: 'google/flan-t5-base' }), 'axolotl');
    assert.equal(valueOf(run, 'architecture'), 't5');
  });

  it('says nothing of a name it does not know', () => {
    const run = infer(runWith({ model: 'my-own-network' }), 'generic');
    assert.deepEqual([valueOf(run, 'architecture'), valueOf(run, 'domain')], [undefined, undefined]);
  });

  it('calls a batch above the linear-scaling limit large', () => {
    assert.deepEqual(valueOf(infer(runWith({ globalBatch: 16384 }), 'generic'), 'traits'), ['large-batch']);
    assert.equal(valueOf(infer(runWith({ globalBatch: 4096 }), 'generic'), 'traits'), undefined);
  });

  it('is not slowed down by a name that is no name', () => {
    const started = performance.now();
    infer(runWith({ model: 'a-'.repeat(1_000_000), dataset: 'x'.repeat(1_000_000) }), 'generic');
    assert.ok(performance.now() - started < 200);
  });
});
