import assert from 'node:assert/strict';
import { isView, readFromPage, readToPage } from '../../src/panel/messages.ts';
import { emptyView, type RunEvent, type RunView, reduce } from '../../src/panel/run-view.ts';
import { groupFixes } from '../../src/panel/webview/fix-groups.ts';

const token = 'a';
const fix = (
  id: string,
  verdict: 'heals' | 'partly' | 'no' | 'worse' | null,
  title = id,
  symptom = 'loss-divergence',
) =>
  ({
    type: 'fix',
    message: { token, id, symptom, title, verdict, applicable: true },
  }) as const satisfies RunEvent;
const play = (...events: RunEvent[]): RunView => events.reduce(reduce, emptyView(token, 'train.yaml', ''));
const steps = (series: string, ...numbers: number[]): RunEvent => ({
  type: 'steps',
  message: { token, series, steps: numbers, loss: numbers, gradNorm: numbers, lr: numbers },
});

describe('the view of a run', () => {
  it('grows by what arrives', () => {
    const view = play(steps('yours', 1, 2), steps('reference', 1), steps('yours', 3));
    assert.equal(view.state, 'running');
    assert.deepEqual(view.series.yours?.steps, [1, 2, 3]);
    assert.deepEqual(view.series.reference?.loss, [1]);
  });

  it('ignores what belongs to another run', () => {
    const view = play();
    assert.equal(
      reduce(view, { ...fix('x', 'heals'), message: { ...fix('x', 'heals').message, token: 'b' } }),
      view,
    );
  });

  it('puts what helped first and replaces a fix by its verdict', () => {
    const view = play(fix('one', null), fix('two', null), fix('one', 'no'), fix('two', 'heals'));
    assert.deepEqual(
      view.fixes.map(({ id, verdict }) => [id, verdict]),
      [
        ['two', 'heals'],
        ['one', 'no'],
      ],
    );
  });

  it('knows when the config is no longer the one that was trained', () => {
    const stale = (is: boolean) => ({ type: 'stale', message: { token, stale: is } }) as const;
    assert.equal(play(stale(true)).stale, true);
    assert.equal(play(stale(true), stale(false)).stale, false);
  });

  it('remembers what came of applying a fix', () => {
    const view = play(fix('one', 'heals'), { type: 'applied', id: 'one', ok: false, why: 'changed' });
    assert.deepEqual([view.fixes[0]?.applied, view.fixes[0]?.why], ['failed', 'changed']);
  });
});

describe('the trial of a switch in the panel', () => {
  const result = {
    outcome: 'better',
    detail: 'lower',
    at: 0.5,
    step: 51,
    arms: [],
    rates: '',
    stages: [],
  } as const;

  it('is training until its result comes, and takes that of its own run only', () => {
    const started = play({ type: 'switching-start' });
    assert.equal(started.switching, 'training');
    const other = reduce(started, { type: 'switching', message: { ...result, token: 'b' } });
    assert.equal(other.switching, 'training');
    const ended = reduce(started, { type: 'switching', message: { ...result, token } });
    assert.deepEqual(ended.switching, { ...result, token });
    assert.equal(reduce(ended, { type: 'begin', token: 'c', file: '', label: '' }).switching, undefined);
  });
});

describe('fixes in the panel', () => {
  it('are one row a change, judged over all symptoms it was tried against', () => {
    const view = play(
      fix('1', 'heals', 'Cut the rate', 'loss-divergence'),
      fix('2', 'no', 'Cut the rate', 'oscillation'),
      fix('3', 'heals', 'Warm up', 'loss-divergence'),
      fix('4', null, 'Clip', 'loss-divergence'),
    );
    assert.deepEqual(
      groupFixes(view.fixes).map(({ title, verdict }) => [title, verdict]),
      [
        ['Warm up', 'heals'],
        ['Cut the rate', 'partly'],
        ['Clip', 'trying'],
      ],
    );
  });
});

describe('messages between page and extension', () => {
  it('are taken only in the forms we know', () => {
    assert.deepEqual(readFromPage({ type: 'apply', id: 'x', more: 1 }), { type: 'apply', id: 'x' });
    for (const bad of [
      undefined,
      null,
      1,
      'ready',
      {},
      { type: 'apply' },
      { type: 'apply', id: 3 },
      { type: 'eval' },
    ])
      assert.equal(readFromPage(bad), undefined);
    assert.ok(readToPage({ type: 'view', view: play(), strings: {} }));
    for (const bad of [null, {}, { type: 'view', view: {} }, { type: 'event' }])
      assert.equal(readToPage(bad), undefined);
    assert.ok(isView(JSON.parse(JSON.stringify(play(steps('yours', 1))))));
  });
});
