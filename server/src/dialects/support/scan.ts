import type { ConfigNode, Path } from '../../document/types.ts';
import type { ConfigView } from '../dialect.ts';

/** A plain value somewhere in a file of unknown framework. */
export interface Leaf {
  readonly path: Path;
  /** Its key in lower case with `_` for `-`. */
  readonly key: string;
  /** What the blocks around it are about; the innermost that says something decides. */
  readonly block: 'general' | 'optimizer' | 'scheduler' | 'model' | 'data';
  readonly node: ConfigNode;
}

const blocks: Readonly<Record<string, Leaf['block'] | 'inherit'>> = {};
const say = (names: string, block: Leaf['block'] | 'inherit') => {
  for (const name of names.split(' ')) (blocks as Record<string, Leaf['block'] | 'inherit'>)[name] = block;
};
say(
  'train training trainer train_config training_config train_params training_params train_args training_args ' +
    'training_arguments trainer_config hparams hyperparameters hyperparams hyper_params hyper_parameters hyp learning ' +
    'learn fit experiment run config cfg args parameters_train solver training_parameters train_parameters ' +
    'algo algorithm agent module lightning_module system task solver_config recipe ' +
    'training_hyperparameters fine_tuning finetune finetuning pretrain pretraining tune regularization loop settings grad_clip clip_grad clip_grad_norm gradient_clipping runner runtime compile train_conf step_scheduler',
  'general',
);
say(
  'optimizer optim opt optimiser optimizer_config optimizer_cfg optimizer_params optimizer_args optimizer_kwargs ' +
    'optim_config optim_params optim_args optim_conf optimization optimisation',
  'optimizer',
);
say(
  'scheduler lr_scheduler lr_sched sched schedule lr_schedule scheduler_config scheduler_params scheduler_args lr_config ' +
    'learning_rate_scheduler warmup lr_scheduler_config scheduler_conf schedular',
  'scheduler',
);
say('model network net architecture backbone policy', 'model');
say(
  'data dataset datasets dataloader data_config loader train_dataloader train_loader trainloader train_data data_loader dataset_conf dataloader_conf',
  'data',
);
say('params kwargs args init_args arguments batch lr', 'inherit');

/** Who plays in adversarial training; hand-written files tell their keys apart by a prefix or a suffix. */
export type Player = 'generator' | 'discriminator';

const affixes: Readonly<Record<Player, string>> = {
  generator: 'g|gen|generator|netg|net_g',
  discriminator: 'd|dis|disc|discriminator|netd|net_d|critic',
};
const patterns = (player: Player) => ({
  alone: new RegExp(`^(?:${affixes[player]})$`),
  affix: new RegExp(`^(?:${affixes[player]})_|_(?:${affixes[player]})$`),
});
const players: Readonly<Record<Player, ReturnType<typeof patterns>>> = {
  generator: patterns('generator'),
  discriminator: patterns('discriminator'),
};

/** A name without the player's mark: `lr` of `lr_g`, nothing of `generator`; undefined where it has no such mark. */
function unmarked(plain: string, player: Player): string | undefined {
  const { alone, affix } = players[player];
  if (alone.test(plain)) return '';
  return affix.test(plain) ? plain.replace(affix, '') : undefined;
}

const depthLimit = 4;
const leafLimit = 2000;

/** `learningRate`, `learning-rate` and the flag `--learning_rate` are one name. */
export function plainName(name: string): string {
  return name
    .replace(/^-+/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll('-', '_');
}

/**
 * The values in the blocks a training config usually has, outermost first. Blocks of other names are not entered.
 * For a player of a GAN, its own keys come first under their plain names (`lr` for `lr_g`) and the other's are left out.
 */
export function leavesOf(view: ConfigView, player?: Player): readonly Leaf[] {
  const own: Leaf[] = [];
  const leaves: Leaf[] = [];
  const other = player && (player === 'generator' ? 'discriminator' : 'generator');
  const visit = (path: Path, block: Leaf['block'], depth: number, marked: boolean): void => {
    const inner: { path: Path; block: Leaf['block']; marked: boolean }[] = [];
    for (const name of view.keys(path)) {
      if (own.length + leaves.length >= leafLimit) return;
      const at = [...path, name];
      const node = view.at(at);
      if (!node) continue;
      const plain = plainName(name);
      if (other && unmarked(plain, other) !== undefined) continue;
      const bare = player && unmarked(plain, player);
      if (node.kind === 'map') {
        const meaning = bare === '' ? 'inherit' : blocks[bare ?? plain];
        if (meaning !== undefined)
          inner.push({
            path: at,
            block: meaning === 'inherit' ? block : meaning,
            marked: marked || bare !== undefined,
          });
      } else {
        const list = marked || bare !== undefined ? own : leaves;
        list.push({ path: at, key: bare || plain, block, node });
      }
    }
    if (depth < depthLimit) for (const next of inner) visit(next.path, next.block, depth + 1, next.marked);
  };
  visit([], 'general', 0, false);
  return [...own, ...leaves];
}

/** Whether a value is the player's own. */
export function isMarked({ path }: Leaf, player: Player): boolean {
  return path.some((part) => typeof part === 'string' && unmarked(plainName(part), player) !== undefined);
}
