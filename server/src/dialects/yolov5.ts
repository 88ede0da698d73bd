import { text } from '../text.ts';
import type { ConfigView, Dialect } from './dialect.ts';
import { always, bind, defaultsOf, key } from './support/bind.ts';
import { byKeys } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { optimizerNames } from './support/optimizers.ts';

const usual = defaultsOf('YOLOv5 7.0');
/** YOLOv7 trains with SGD or, by a flag, Adam; YOLOv5 by `--optimizer`. Both use Nesterov's form of SGD. */
const names = optimizerNames('yolov5', { nag: 'SGD', adam: 'Adam', adamw: 'AdamW' });

/** The hyperparameters stand alone in a hyp file, or in `hyp:` of a finished run's opt.yaml. */
const block = (view: ConfigView) => (view.at(['hyp'])?.kind === 'map' ? 'hyp.' : '');

export const yolov5: Dialect = {
  id: 'yolov5',
  name: 'YOLOv5 / YOLOv7',
  formats: ['yaml'],
  loader: loadedBy('pyyaml', 'kept', 'yolov5 train.py: yaml.safe_load, straight into arithmetic'),
  recognise: (view) =>
    byKeys(view, {
      all: ['lr0', 'lrf'],
      any: ['anchor_t', 'obj', 'obj_pw', 'cls_pw', 'iou_t', 'fl_gamma', 'box'],
      min: 3,
      none: ['task', 'mode', 'imgsz'],
      confidence: 0.9,
    }) ??
    byKeys(view, {
      all: ['hyp', 'batch_size', 'epochs'],
      any: ['weights', 'cfg', 'imgsz', 'img_size', 'noautoanchor', 'single_cls', 'linear_lr', 'cos_lr'],
      min: 3,
      confidence: 0.88,
    }),
  layouts(view) {
    const at = (name: string) => block(view) + name;
    const options = view.has(['batch_size']);
    return [
      {
        label: '',
        ...(view.has(key(at('lr0'))) ? { anchor: key(at('lr0')) } : {}),
        bindings: [
          options
            ? bind('optimizer', 'optimizer', {
                read: (value) => {
                  const id = names.read(value);
                  return id === 'sgd' ? 'nag' : id;
                },
                write: names.write,
                fallback: usual('nag'),
              })
            : always(
                'optimizer',
                usual('nag', {
                  en: 'SGD unless `--optimizer` says otherwise',
                  ko: '`--optimizer`가 없으면 SGD',
                }),
              ),
          bind('learningRate', at('lr0')),
          bind('momentum', at('momentum'), { fallback: usual(0.937) }),
          always('nesterov', usual(true)),
          bind('weightDecay', at('weight_decay'), { fallback: usual(0.0005) }),
          bind('minLearningRateRatio', at('lrf')),
          bind('warmupEpochs', at('warmup_epochs')),
          ...(options
            ? [
                bind('epochs', 'epochs'),
                bind('batchPerDevice', 'batch_size'),
                bind('model', ['weights', 'cfg']),
                bind('dataset', 'data'),
                bind('schedule', 'cos_lr', {
                  read: (value) =>
                    value.kind === 'boolean' ? (value.value ? 'cosine' : 'linear') : undefined,
                  write: (kind) => (kind === 'cosine' ? true : kind === 'linear' ? false : undefined),
                  fallback: usual('linear'),
                }),
              ]
            : [always('schedule', usual('linear'))]),
        ],
        finish(settings) {
          imply(
            settings,
            { domain: 'cv-cnn', architecture: 'yolo', task: 'detect', objective: 'supervised' },
            text('YOLOv5 and YOLOv7 train YOLO detectors', 'YOLOv5와 YOLOv7은 YOLO 검출기를 학습하는 도구'),
          );
        },
      },
    ];
  },
};
