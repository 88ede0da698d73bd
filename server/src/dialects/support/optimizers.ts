import type { LoadedValue } from '../../document/types.ts';
import { isOptimizerId } from '../../knowledge/ids.ts';
import { optimizerById } from '../../knowledge/optimizers.ts';
import type { OptimizerName } from '../../run/fields.ts';
import { text } from '../../text.ts';
import { type Absent, absent, type Binding, type ConfigView, type KeyWrite } from '../dialect.ts';
import { optimizerIdOf } from '../read.ts';
import { bind, defaultsOf, key } from './bind.ts';
import { numberOf, numbersIn } from './numbers.ts';

/** How a framework spells the optimizers it offers: canonical id to its own name. */
export type Spellings = Readonly<Partial<Record<string, string>>>;

/** Reading and writing an optimizer by name; `framework` decides names that mean different things (`Adam` in DeepSpeed). */
export function optimizerNames(framework: string, spellings: Spellings) {
  return {
    read(value: LoadedValue): OptimizerName | Absent | undefined {
      if (value.kind === 'null') return absent;
      if (value.kind !== 'string' || value.value.trim() === '') return undefined;
      return optimizerIdOf(value.value.trim(), framework);
    },
    write(optimizer: OptimizerName): string | undefined {
      return spellings[optimizer];
    },
  };
}

/** Class names of torch.optim, with SGD for all of its variants: momentum and Nesterov are arguments. */
export const torchClasses: Spellings = {
  sgd: 'SGD',
  'sgd-momentum': 'SGD',
  nag: 'SGD',
  adagrad: 'Adagrad',
  rmsprop: 'RMSprop',
  adam: 'Adam',
  adamw: 'AdamW',
  adamax: 'Adamax',
  nadam: 'NAdam',
  radam: 'RAdam',
  adafactor: 'Adafactor',
  lbfgs: 'LBFGS',
};

/** The same with a module in front, or in lower case. */
export function spelled(change: (name: string) => string, spellings: Spellings = torchClasses): Spellings {
  return Object.fromEntries(
    Object.entries(spellings).flatMap(([id, name]) => (name === undefined ? [] : [[id, change(name)]])),
  );
}

/** Arguments of the torch.optim constructors that another class would refuse. */
const particular: Readonly<Record<string, readonly string[]>> = {
  sgd: ['momentum', 'nesterov', 'dampening'],
  rmsprop: ['momentum', 'alpha', 'centered', 'eps'],
  adagrad: ['lr_decay', 'initial_accumulator_value', 'eps'],
  adam: ['betas', 'eps', 'amsgrad'],
  lion: ['betas'],
  adafactor: ['beta2_decay', 'eps', 'd'],
};
const families: Readonly<Record<string, string>> = {
  'sgd-momentum': 'sgd',
  nag: 'sgd',
  adamw: 'adam',
  adamax: 'adam',
  nadam: 'adam',
  radam: 'adam',
  lamb: 'adam',
};

/** Deletions of the arguments in `block` that the constructor of `optimizer` does not know. */
export function refusedArguments(
  view: ConfigView,
  block: string,
  optimizer: OptimizerName,
): readonly KeyWrite[] {
  const known = particular[families[optimizer] ?? optimizer] ?? [];
  const all = new Set(Object.values(particular).flat());
  return view
    .keys(key(block))
    .filter((name) => all.has(name) && !known.includes(name))
    .map((name) => ({ path: [...key(block), name], value: undefined }));
}

/**
 * β₁ and β₂ of a pair written as a list or as one string (`"(0.9, 0.98)"`). A new value replaces one number of the
 * pair; where there is no pair yet, the other number is `usual`.
 */
export function betaPair(
  keys: readonly string[],
  usual: readonly [number, number] = [0.9, 0.999],
  fallback?: (view: ConfigView) => readonly [number, number] | undefined,
  source = 'PyTorch',
): Binding[] {
  const one = (index: 0 | 1): Binding => {
    const field = index === 0 ? 'beta1' : 'beta2';
    const inText = (value: LoadedValue): number | Absent | undefined =>
      value.kind === 'null' ? absent : value.kind === 'string' ? numbersIn(value.value)?.[index] : undefined;
    return {
      field,
      paths: keys.map(key),
      read: inText,
      readNode: (node, view) => {
        const item = node.kind === 'seq' ? node.items[index] : undefined;
        return item?.kind === 'scalar' ? numberOf(view.loader.scalar(item)) : undefined;
      },
      writeAll: (value, view) => {
        const path = keys.map(key).find((candidate) => view.has(candidate)) ?? key(keys[0] ?? 'betas');
        const node = view.at(path);
        if (node?.kind === 'seq' && node.items[index]) return [{ path: [...path, index], value }];
        const written = view.string(path);
        const before = (written === undefined ? undefined : numbersIn(written)) ?? usual;
        const pair = index === 0 ? [value, before[1] ?? usual[1]] : [before[0] ?? usual[0], value];
        return [{ path, value: written === undefined ? pair : spellPair(written, pair) }];
      },
      ...(fallback && {
        fallback: (view: ConfigView) => {
          const pair = fallback(view);
          return pair && { value: pair[index], why: text(`default of ${source}`, `${source}의 기본값`) };
        },
      }),
    };
  };
  return [one(0), one(1)];
}

/** Keeps the brackets, or their lack, of the pair as it was written. */
function spellPair(before: string, pair: readonly number[]): string {
  const [open, close] = /^\s*\(/.test(before) ? ['(', ')'] : /^\s*\[/.test(before) ? ['[', ']'] : ['', ''];
  return `${open}${pair.join(before.includes(', ') ? ', ' : ',')}${close}`;
}

type Defaults = Readonly<Record<string, unknown>>;

/** The value a torch.optim constructor uses for an argument it is not given, from the optimizer table. */
export function torchDefault(optimizer: OptimizerName | undefined, argument: string): unknown {
  if (!isOptimizerId(optimizer)) return undefined;
  return (optimizerById(optimizer).defaults as Defaults)[argument];
}

export interface TorchBlock {
  /** Dotted key of the class name: `optimizer._target_`. */
  readonly name: string;
  /** Dotted key of the map that holds the arguments: `optimizer` or `optimizer.init_args`. */
  readonly args: string;
  readonly framework: string;
  /** Canonical id to the class path to write; undefined = by what stands there: `torch.optim.`, or bare. */
  readonly spellings?: Spellings;
  /** False when a missing argument does not mean torch's own default. */
  readonly defaults?: boolean;
}

/** An optimizer given as a class and its arguments: torch's defaults hold, and a new class drops foreign arguments. */
export function torchOptimizer(block: TorchBlock): Binding[] {
  const { args, framework } = block;
  const nameOf = (view: ConfigView): OptimizerName | undefined => {
    const name = view.string(key(block.name));
    const isTorch = name !== undefined && (/^torch\.optim\./.test(name) || !name.includes('.'));
    return isTorch && block.defaults !== false ? optimizerIdOf(name, framework) : undefined;
  };
  const usual = defaultsOf('PyTorch 2.13');
  const numberDefault = (argument: string) => (view: ConfigView) => {
    const value = torchDefault(nameOf(view), argument);
    return typeof value === 'number' ? usual(value)() : undefined;
  };
  const nesterov = (view: ConfigView) => {
    const value = torchDefault(nameOf(view), 'nesterov');
    return typeof value === 'boolean' ? usual(value)() : undefined;
  };
  const at = (name: string) => (args === '' ? name : `${args}.${name}`);
  return [
    bind('optimizer', block.name, {
      read: optimizerNames(framework, {}).read,
      writeAll: (value, view) => {
        const before = view.string(key(block.name)) ?? 'torch.optim.AdamW';
        const name = block.spellings ? block.spellings[value] : likeBefore(before, value);
        if (name === undefined) return undefined;
        return [{ path: key(block.name), value: name }, ...refusedArguments(view, args, value)];
      },
    }),
    bind('learningRate', [at('lr'), at('learning_rate')], { fallback: numberDefault('lr') }),
    bind('momentum', at('momentum'), { fallback: numberDefault('momentum') }),
    bind('nesterov', at('nesterov'), { fallback: nesterov }),
    ...betaPair([at('betas')], [0.9, 0.999], (view) => {
      const betas = torchDefault(nameOf(view), 'betas');
      return Array.isArray(betas) ? [Number(betas[0]), Number(betas[1])] : undefined;
    }),
    bind('eps', at('eps'), { fallback: numberDefault('eps') }),
    bind('weightDecay', at('weight_decay'), { fallback: numberDefault('weightDecay') }),
  ];
}

/** `torch.optim.AdamW` becomes `torch.optim.SGD`; a class of another module can only become one of torch. */
function likeBefore(before: string, optimizer: OptimizerName): string | undefined {
  const name = torchClasses[optimizer];
  if (name === undefined) return undefined;
  return before.includes('.') ? `torch.optim.${name}` : name;
}
