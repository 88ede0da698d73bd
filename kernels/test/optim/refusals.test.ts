import assert from 'node:assert/strict';
import { Optimizer, type OptimizerOptions } from '../../js/optimizer.ts';
import { KINDS } from './support.ts';

const shapes = [[2, 2], [3]];

function refused(options: OptimizerOptions, message: string | RegExp) {
  it(`${JSON.stringify(options)}: ${message}`, () => {
    assert.throws(() => new Optimizer(options, shapes), { name: 'RangeError', message });
  });
}

describe('hyperparameters that the reference refuses', () => {
  for (const kind of [
    'sgd',
    'adam',
    'adamw',
    'adagrad',
    'rmsprop',
    'adamax',
    'nadam',
    'radam',
    'lbfgs',
    'lion',
    'adabound',
    'lamb',
  ]) {
    refused({ kind, lr: -1 }, 'Invalid learning rate: -1');
    refused({ kind, lr: Number.NaN }, 'Invalid learning rate: nan');
  }
  for (const kind of [
    'adam',
    'adamw',
    'adamax',
    'nadam',
    'radam',
    'lion',
    'adabound',
    'lamb',
    'sophia',
    'ranger',
  ]) {
    refused({ kind, betas: [-0.1, 0.9] }, 'Invalid beta parameter at index 0: -0.1');
    refused({ kind, betas: [0.9, 1] }, 'Invalid beta parameter at index 1: 1');
    refused({ kind, weightDecay: -0.5 }, 'Invalid weight_decay value: -0.5');
  }
  for (const kind of ['adam', 'adagrad', 'rmsprop', 'adamax', 'nadam', 'radam', 'adabound', 'lamb']) {
    refused({ kind, eps: -1e-8 }, 'Invalid epsilon value: -1e-08');
  }
  refused({ kind: 'sgd', momentum: -0.9 }, 'Invalid momentum value: -0.9');
  refused({ kind: 'rmsprop', momentum: -0.9 }, 'Invalid momentum value: -0.9');
  refused({ kind: 'rmsprop', alpha: -1 }, 'Invalid alpha value: -1');
  refused({ kind: 'nag', momentum: 0 }, 'Nesterov momentum requires a momentum and zero dampening');
  refused({ kind: 'sgd', nesterov: true }, 'Nesterov momentum requires a momentum and zero dampening');
  refused({ kind: 'nag', dampening: 0.1 }, 'Nesterov momentum requires a momentum and zero dampening');
  refused({ kind: 'adagrad', lrDecay: -1 }, 'Invalid lr_decay value: -1');
  refused({ kind: 'adagrad', initialAccumulatorValue: -1 }, 'Invalid initial_accumulator_value value: -1');
  refused({ kind: 'nadam', momentumDecay: -1 }, 'Invalid momentum_decay value: -1');
  refused({ kind: 'adabound', finalLr: -1 }, 'Invalid final learning rate: -1');
  refused({ kind: 'adabound', gamma: 1 }, 'Invalid gamma parameter: 1');
  refused({ kind: 'adafactor', lr: -1, relativeStep: false }, 'Learning rate should be >= 0 but is: -1');
  refused({ kind: 'adafactor', beta2Decay: 0.8 }, 'beta2_decay should be <= 0 but is: 0.8');
  refused({ kind: 'adafactor', eps: [-1, 1e-3] }, 'epsilon1 should be >= 0 but is: -1');
  refused({ kind: 'adafactor', eps: [null, -1] }, 'epsilon2 should be >= 0 but is: -1');
  refused(
    { kind: 'adafactor', form: 'torch', clipThreshold: 0.5 },
    'Clipping threshold d should be >= 1 but is: 0.5',
  );
  refused({ kind: 'adafactor', weightDecay: -1 }, 'weight_decay should be >= 0 but is: -1');
  refused({ kind: 'adafactor', lr: 1e-3 }, 'Cannot combine manual lr and relativeStep=true options');
  refused(
    { kind: 'adafactor', relativeStep: false, warmupInit: true },
    'warmupInit=true requires relativeStep=true',
  );
  refused({ kind: 'sophia', rho: -1 }, 'Invalid rho parameter at index 1: -1');
  refused({ kind: 'sam(sgd)', rho: -1 }, 'Invalid rho, should be non-negative: -1');
  refused({ kind: 'lookahead(sgd)', alpha: 1.5 }, 'Invalid slow update rate: 1.5');
  refused({ kind: 'lookahead(sgd)', k: 0 }, 'Invalid lookahead steps: 0');
  refused({ kind: 'kfac', damping: 0 }, 'damping must be > 0: 0');
  refused(
    { kind: 'lbfgs', groups: [{ params: [0] }] },
    /doesn't support per-parameter options \(parameter groups\)/,
  );
  refused({ kind: 'radam', rectifyThreshold: 3 }, /Invalid rectifyThreshold/);
});

describe('specs that mean nothing', () => {
  refused({ kind: 'adamm' }, /Unknown optimizer: adamm \(one of: adabound, /);
  refused({ kind: 'adam(sgd)' }, /only lookahead, ranger and sam wrap another one/);
  refused({ kind: 'lookahead(adam' }, /Unknown optimizer/);
  refused({ kind: 'lookahead' }, 'lookahead needs a base optimizer, for example lookahead(adam)');
  refused({ kind: 'ranger(sam(sgd))' }, /a base that steps on gradients alone/);
  for (const kind of ['sam(lbfgs)', 'sam(newton)', 'sam(lookahead(lbfgs))', 'sam(sam(sgd))'])
    refused({ kind }, /sam hands its base one gradient/);
  refused({ kind: 'sam' }, /sam needs a base optimizer/);
  refused({ kind: 'lookahead(adam)', base: { kind: 'sgd' } }, 'Two base optimizers given: adam and sgd');
  refused({ kind: 'adam', base: 'sgd' }, 'adam takes no base optimizer');
  refused(
    { kind: 'adam', momentum: 0.9 },
    /Unknown hyperparameter of adam: momentum \(known: amsgrad, betas, /,
  );
  refused({ kind: 'adam', betas: [0.9] }, 'Invalid betas: 2 numbers expected, 1 given');
  refused({ kind: 'lamb', form: 'other' }, /Invalid form: other \(one of: paper, /);
  for (const { options } of KINDS)
    refused({ ...options, nonsense: 1 }, /Unknown hyperparameter of .*: nonsense/);

  it('asks for a kind', () => {
    assert.throws(() => new Optimizer({} as OptimizerOptions, shapes), {
      name: 'TypeError',
      message: /needs a kind/,
    });
  });

  it('checks shapes before anything is allocated', () => {
    for (const shape of [[0], [-1], [1.5], [2, Number.NaN], [1, 1, 1, 1, 1, 1, 1, 1, 1]]) {
      assert.throws(() => new Optimizer({ kind: 'sgd' }, [shape]), {
        name: 'TypeError',
        message: /shapes\[0\]/,
      });
    }
  });
});
