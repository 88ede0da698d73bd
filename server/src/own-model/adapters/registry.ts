import type { Adapter } from './adapter.ts';
import { huggingFace } from './hugging-face.ts';
import { lightning } from './lightning.ts';
import { plain } from './plain.ts';
import { timm } from './timm.ts';
import { ultralytics } from './ultralytics.ts';

const adapters: Readonly<Record<string, Adapter>> = {
  'hf-trainer': huggingFace,
  trl: huggingFace,
  'llama-factory': huggingFace,
  axolotl: huggingFace,
  autotrain: huggingFace,
  'ms-swift': huggingFace,
  oumi: huggingFace,
  'lightning-cli': lightning,
  timm,
  ultralytics,
};

/** The adapter of a dialect; frameworks whose parts cannot be built from outside get the plain one. */
export function adapterFor(dialect: string): Adapter {
  return adapters[dialect] ?? plain;
}
