import { text } from '../text.ts';
import type { Binding, ConfigView, Dialect, RunLayout } from './dialect.ts';
import { hasKeys, recognised } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { optimizerNames } from './support/optimizers.ts';

const optimizers = optimizerNames('fuxictr', {
  adam: 'adam',
  sgd: 'sgd',
  adagrad: 'adagrad',
  rmsprop: 'rmsprop',
  adamw: 'adamw',
});
const marks = [
  'model',
  'dataset_id',
  'optimizer',
  'learning_rate',
  'batch_size',
  'epochs',
  'embedding_dim',
  'loss',
  'monitor',
];

/** Experiments: blocks that name a model and say how it is trained. */
function experiments(view: ConfigView): string[] {
  return view.keys([]).filter((name) => {
    const keys = view.keys([name]);
    return keys.includes('dataset_id') && marks.filter((mark) => keys.includes(mark)).length >= 5;
  });
}

const layout = (name: string): RunLayout => ({
  label: name,
  anchor: [name],
  bindings: [
    { field: 'optimizer', paths: [[name, 'optimizer']], ...optimizers },
    { field: 'learningRate', paths: [[name, 'learning_rate']] },
    { field: 'batchPerDevice', paths: [[name, 'batch_size']] },
    { field: 'epochs', paths: [[name, 'epochs']] },
    { field: 'clipNorm', paths: [[name, 'max_gradient_norm']] },
    { field: 'model', paths: [[name, 'model']] },
    { field: 'dataset', paths: [[name, 'dataset_id']] },
  ] as unknown as Binding[],
  finish(settings) {
    imply(
      settings,
      { domain: 'recsys-deep', fromScratch: true },
      text('FuxiCTR trains click-through models', 'FuxiCTR는 클릭률 예측 모델을 학습하는 도구'),
    );
  },
});

export const fuxictr: Dialect = {
  id: 'fuxictr',
  name: 'FuxiCTR',
  formats: ['yaml'],
  loader: loadedBy('pyyaml', 'kept', 'fuxictr utils.py: yaml.FullLoader, no cast'),
  recognise(view) {
    const [first] = experiments(view);
    return first === undefined
      ? undefined
      : recognised(0.94, hasKeys(marks.filter((mark) => view.keys([first]).includes(mark))));
  },
  layouts: (view) => experiments(view).map(layout),
};
