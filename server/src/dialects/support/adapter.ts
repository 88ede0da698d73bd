import type { MutableSettings } from '../../run/setting.ts';
import { text } from '../../text.ts';
import type { ConfigView } from '../dialect.ts';
import { present } from './evidence.ts';
import { imply } from './imply.ts';

const blocks = ['peft', 'lora', 'peft_config', 'lora_config'];
const ranks = ['r', 'rank', 'dim', 'lora_r', 'lora_rank', 'lora_alpha'];

/** A block of its own with the rank of an adapter: LoRA, whose rates are others than those of all weights. */
export function adapterOf(view: ConfigView, settings: MutableSettings): void {
  const rank = present(
    view,
    blocks.flatMap((block) => ranks.map((name) => `${block}.${name}`)),
  )[0];
  if (rank === undefined) return;
  imply(
    settings,
    { method: 'lora', goal: 'fine-tuning' },
    text(`\`${rank}\` is the rank of an adapter`, `\`${rank}\`: 어댑터(LoRA)의 랭크`),
  );
}
