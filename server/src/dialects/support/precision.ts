import type { LoadedValue } from '../../document/types.ts';
import type { Precision } from '../../run/fields.ts';
import { absent, type Binding, type ConfigView, type KeyWrite } from '../dialect.ts';
import { type Fallback, key, named } from './bind.ts';

export interface PrecisionFlags {
  readonly bf16: string;
  readonly fp16: string;
  /** What the framework trains in when neither is on, where it is known. */
  readonly fallback?: Fallback<'precision'>;
}

/** `bf16: true` / `fp16: true`, the form of the Hugging Face family. `auto` is decided on the machine. */
export function precisionFlags({ bf16, fp16, fallback }: PrecisionFlags): Binding[] {
  const flag = (name: string, on: Precision): Binding => ({
    field: 'precision',
    paths: [key(name)],
    read: (value, view) => {
      if (value.kind === 'null') return absent;
      // `bf16: false` switches off a default; `fp16: false` says nothing beside it.
      if (value.kind === 'boolean')
        return value.value ? on : name === bf16 && view.boolean(key(fp16)) !== true ? 'fp32' : absent;
      // Some files hold the flag as 0/1 or as a word.
      if (value.kind === 'integer') return value.value === 0 ? absent : on;
      if (value.kind === 'string' && /^(true|false)$/i.test(value.value))
        return /^true$/i.test(value.value) ? on : absent;
      return undefined;
    },
    writeAll: (value, view) => flagWrites(view, bf16, fp16, value),
  });
  return [
    flag(bf16, 'bf16-mixed'),
    { ...flag(fp16, 'fp16-mixed'), ...(fallback && { fallback }) } as Binding,
  ];
}

function flagWrites(
  view: ConfigView,
  bf16: string,
  fp16: string,
  value: Precision,
): readonly KeyWrite[] | undefined {
  if (value !== 'bf16-mixed' && value !== 'fp16-mixed' && value !== 'fp32') return undefined;
  const on = value === 'bf16-mixed' ? bf16 : value === 'fp16-mixed' ? fp16 : undefined;
  const off = [bf16, fp16].filter((name) => name !== on);
  return [
    ...(on ? [{ path: key(on), value: true }] : []),
    ...off.filter((name) => !on || view.has(key(name))).map((name) => ({ path: key(name), value: false })),
  ];
}

/** Lightning's words, also litgpt's and those of most launchers. */
export const lightningPrecision = {
  read: named<Precision>({
    '32-true': 'fp32',
    '16-mixed': 'fp16-mixed',
    'bf16-mixed': 'bf16-mixed',
    '16-true': 'fp16',
    'bf16-true': 'bf16',
    '64-true': 'fp64',
    '32': 'fp32',
    '16': 'fp16-mixed',
    bf16: 'bf16-mixed',
    '64': 'fp64',
    'transformer-engine': 'fp8',
  }).read,
  write(precision: Precision): string | undefined {
    const words: Partial<Record<Precision, string>> = {
      fp32: '32-true',
      'fp16-mixed': '16-mixed',
      'bf16-mixed': 'bf16-mixed',
      fp16: '16-true',
      bf16: 'bf16-true',
      fp64: '64-true',
    };
    return words[precision];
  },
};

/** `no`, `fp16`, `bf16`, `fp8`, as accelerate and kohya write it. */
export const acceleratePrecision = named<Precision>({
  no: 'fp32',
  bf16: 'bf16-mixed',
  fp16: 'fp16-mixed',
  fp8: 'fp8',
  false: 'fp32',
});

/** Type of the parameters themselves: `bf16`, `float32`, `torch.bfloat16`. */
export const parameterType = named<Precision>({
  bf16: 'bf16',
  fp32: 'fp32',
  fp16: 'fp16',
  bfloat16: 'bf16',
  float32: 'fp32',
  float16: 'fp16',
  float: 'fp32',
  half: 'fp16',
  'torch.bfloat16': 'bf16',
  'torch.float32': 'fp32',
  'torch.float16': 'fp16',
});

/** Type of the computation, where the weights that are updated stay in 32 bits. */
export const computeType = named<Precision>({
  bfloat16: 'bf16-mixed',
  float16: 'fp16-mixed',
  float32: 'fp32',
  mixed_bfloat16: 'bf16-mixed',
  mixed_float16: 'fp16-mixed',
  bf16: 'bf16-mixed',
  fp16: 'fp16-mixed',
});

/** An on/off switch of automatic mixed precision. */
export function mixedWhenOn(on: Precision = 'fp16-mixed') {
  return {
    read: (value: LoadedValue): Precision | typeof absent | undefined => {
      if (value.kind === 'null') return absent;
      if (value.kind === 'boolean') return value.value ? on : 'fp32';
      return value.kind === 'integer' ? (value.value ? on : 'fp32') : undefined;
    },
    write: (value: Precision): boolean | undefined =>
      value === on ? true : value === 'fp32' ? false : undefined,
  };
}
