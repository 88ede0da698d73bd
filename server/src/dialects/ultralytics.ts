import type { LoadedValue } from '../document/types.ts';
import { text } from '../text.ts';
import {
  type Absent,
  absent,
  type Binding,
  type ConfigView,
  type Dialect,
  type KeyWrite,
  type RunLayout,
} from './dialect.ts';
import { always, bind, defaultsOf } from './support/bind.ts';
import { hasKeys, present, recognised } from './support/evidence.ts';
import { imply } from './support/imply.ts';
import { loadedBy } from './support/loaders.ts';
import { numberOf } from './support/numbers.ts';
import { optimizerNames, type Spellings } from './support/optimizers.ts';
import { mixedWhenOn } from './support/precision.ts';

const usual = defaultsOf('Ultralytics 8.3');

/** Names `build_optimizer` takes. Its SGD always uses Nesterov's form. */
const spellings: Spellings = {
  nag: 'SGD',
  adam: 'Adam',
  adamw: 'AdamW',
  adamax: 'Adamax',
  nadam: 'NAdam',
  radam: 'RAdam',
  rmsprop: 'RMSProp',
};
const names = optimizerNames('ultralytics', spellings);

const own = [
  'lr0',
  'lrf',
  'imgsz',
  'close_mosaic',
  'cos_lr',
  'nbs',
  'warmup_bias_lr',
  'single_cls',
  'overlap_mask',
];
const shared = ['task', 'mode', 'epochs', 'batch', 'optimizer', 'mosaic', 'warmup_epochs', 'model', 'data'];

/** `auto` chooses optimizer, rate and momentum from the number of iterations and ignores what the file says. */
const isAuto = (view: ConfigView) => (view.string(['optimizer']) ?? 'auto').toLowerCase() === 'auto';
const isSgd = (view: ConfigView) => /^(musgd|sgd)$/i.test(view.string(['optimizer']) ?? '');

function momentumBindings(view: ConfigView): Binding[] {
  if (isAuto(view)) return [];
  const momentum = bind('momentum', 'momentum', { fallback: usual(0.937) });
  if (isSgd(view)) return [momentum, always('nesterov', usual(true))];
  if (/^rmsprop$/i.test(view.string(['optimizer']) ?? '')) return [momentum];
  // One key for both: SGD's momentum is the Adams' β₁.
  return [bind('beta1', 'momentum', { fallback: usual(0.937) }), always('beta2', usual(0.999))];
}

function layout(view: ConfigView): RunLayout {
  return {
    label: '',
    bindings: [
      bind('optimizer', 'optimizer', {
        read: (value) => {
          if (value.kind !== 'string') return value.kind === 'null' ? absent : undefined;
          return value.value.toLowerCase() === 'auto' ? undefined : sgdIsNesterov(value);
        },
        write: names.write,
      }),
      ...(isAuto(view) ? [] : [bind('learningRate', 'lr0', { fallback: usual(0.01) })]),
      ...momentumBindings(view),
      bind('weightDecay', 'weight_decay', { fallback: usual(0.0005) }),
      always('eps', usual(1e-8)),
      bind('worldSize', 'device', { read: devices, fallback: usual(1), readOnly: true }),
      bind('batchPerDevice', 'batch', {
        read: (value, v) => {
          const total = numberOf(value);
          const each = total === undefined ? undefined : total / worldOf(v);
          return each !== undefined && Number.isInteger(each) && each > 0 ? each : undefined;
        },
        write: (value, v) => value * worldOf(v),
        fallback: (v) => {
          const each = 16 / worldOf(v);
          return Number.isInteger(each) ? usual(each)() : undefined;
        },
      }),
      // The batch of an optimizer step is what `nbs` makes of it.
      { field: 'globalBatch', paths: [], writeAll: nominalWrites } as unknown as Binding,
      bind('epochs', 'epochs', { fallback: usual(100) }),
      bind('schedule', 'cos_lr', {
        read: (value) => (value.kind === 'boolean' ? (value.value ? 'cosine' : 'linear') : undefined),
        write: (kind) => (kind === 'cosine' ? true : kind === 'linear' ? false : undefined),
        fallback: usual('linear'),
      }),
      bind('minLearningRateRatio', 'lrf', { fallback: usual(0.01) }),
      bind('warmupEpochs', 'warmup_epochs', { fallback: usual(3) }),
      always(
        'clipNorm',
        usual(10, { en: 'the trainer always clips at 10', ko: '트레이너가 항상 10에서 클리핑함' }),
      ),
      // cfg/default.yaml.
      bind('earlyStoppingPatience', 'patience', { fallback: usual(100) }),
      bind('precision', 'amp', { ...mixedWhenOn(), fallback: usual('fp16-mixed') }),
      bind('model', 'model'),
      bind('dataset', 'data'),
      bind('task', 'task', { fallback: usual('detect') }),
    ],
    finish(settings, view) {
      accumulate(settings, view);
      const model = view.string(['model']) ?? '';
      const other = /rtdetr|rt-detr|sam|nas/i.test(model);
      imply(
        settings,
        {
          domain: other ? undefined : 'cv-cnn',
          architecture: other ? undefined : 'yolo',
          objective: 'supervised',
          fromScratch: /\.ya?ml$/.test(model) && view.boolean(['pretrained']) === false ? true : undefined,
        },
        text('Ultralytics trains YOLO detectors', 'Ultralytics는 YOLO 검출기를 학습하는 도구'),
      );
    },
  };
}

function sgdIsNesterov(value: LoadedValue & { kind: 'string' }): string | Absent | undefined {
  const id = names.read(value);
  return id === 'sgd' ? 'nag' : id;
}

/** `device: 0,1` or `[0, 1]` trains on two; `batch` is shared out among them. */
function devices(value: LoadedValue): number | Absent {
  if (value.kind === 'string' && /^\s*\d+(\s*,\s*\d+)*\s*$/.test(value.value))
    return value.value.split(',').length;
  return absent;
}

function worldOf(view: ConfigView): number {
  const node = view.at(['device']);
  if (node?.kind === 'seq') return Math.max(1, node.items.length);
  const value = view.value(['device']);
  const count = value === undefined ? absent : devices(value);
  return count === absent ? 1 : count;
}

/** A multiple of `batch` is reached by accumulating; anything else needs another `batch`. */
function nominalWrites(value: number, view: ConfigView): readonly KeyWrite[] {
  const total = numberOf(view.value(['batch'])) ?? 16;
  const nominal = { path: ['nbs'], value };
  return value % total === 0 ? [nominal] : [{ path: ['batch'], value }, nominal];
}

/** Gradients are accumulated towards the nominal batch: `accumulate = max(round(nbs / batch), 1)`. */
function accumulate(settings: Parameters<NonNullable<RunLayout['finish']>>[0], view: ConfigView): void {
  const world = worldOf(view);
  if (world > 1) settings.worldSize = { ...(settings.worldSize ?? { from: 'file' }), value: world };
  const each = settings.batchPerDevice?.value;
  const nominal = numberOf(view.value(['nbs'])) ?? 64;
  if (each === undefined || nominal <= 0) return;
  const batch = each * world;
  settings.gradientAccumulation = {
    value: Math.max(1, Math.round(nominal / batch)),
    from: 'default',
    why: text(
      `Ultralytics accumulates towards \`nbs\`: round(${nominal} / ${batch})`,
      `Ultralytics는 \`nbs\`에 맞춰 그래디언트를 누적함: round(${nominal} / ${batch})`,
    ),
  };
}

/** Keys of `cfg/default.yaml`; any other is refused. */
const argumentNames: readonly string[] = (
  'task mode model data epochs time patience batch imgsz save save_period cache device workers ' +
  'project name exist_ok pretrained optimizer verbose seed deterministic single_cls rect cos_lr ' +
  'close_mosaic resume amp fraction profile freeze multi_scale overlap_mask mask_ratio dropout ' +
  'val split save_json save_hybrid conf iou max_det half dnn plots source vid_stride ' +
  'stream_buffer visualize augment agnostic_nms classes retina_masks embed show save_frames ' +
  'save_txt save_conf save_crop show_labels show_conf show_boxes line_width format keras ' +
  'optimize int8 dynamic simplify opset workspace nms lr0 lrf momentum weight_decay ' +
  'warmup_epochs warmup_momentum warmup_bias_lr box cls dfl pose kobj label_smoothing nbs hsv_h ' +
  'hsv_s hsv_v degrees translate scale shear perspective flipud fliplr bgr mosaic mixup ' +
  'copy_paste auto_augment erasing crop_fraction cfg tracker save_dir cutmix compile ' +
  'copy_paste_mode'
).split(' ');

export const ultralytics: Dialect = {
  id: 'ultralytics',
  name: 'Ultralytics YOLO',
  formats: ['yaml'],
  loader: loadedBy(
    'pyyaml',
    'kept',
    'ultralytics utils YAML loader; check_cfg raises TypeError for a string rate',
  ),
  recognise(view) {
    const found = present(view, own);
    const also = present(view, shared);
    const mode = view.string(['mode']);
    if (mode !== undefined && mode !== 'train') return undefined;
    // YOLOv5's opt.yaml has `imgsz` too, with `batch_size` and its own `hyp`.
    if (present(view, ['anchor_t', 'obj_pw', 'hyp', 'batch_size', 'weights']).length > 0) return undefined;
    if (found.length < 2 || also.length < 2 || !(view.has(['epochs']) || view.has(['lr0']))) return undefined;
    return recognised(
      Math.min(0.7 + 0.04 * found.length + 0.02 * also.length, 0.98),
      hasKeys([...found, ...also]),
    );
  },
  layouts: (view) => [layout(view)],
  keys: (at) => (at.length === 0 ? argumentNames : undefined),
};
