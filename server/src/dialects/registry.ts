import type { ConfigDocument } from '../document/types.ts';
import { accelerate } from './accelerate.ts';
import { aiToolkit } from './ai-toolkit.ts';
import { autotrain } from './autotrain.ts';
import { axolotl } from './axolotl.ts';
import { deepspeed } from './deepspeed.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { generic } from './generic.ts';
import { hfTrainer } from './hf-trainer.ts';
import { kohya } from './kohya.ts';
import { litgpt } from './litgpt.ts';
import { llamaFactory } from './llama-factory.ts';
import { msSwift } from './ms-swift.ts';
import { oumi } from './oumi.ts';
import { isNoTrainingConfig } from './support/other-files.ts';
import { timm } from './timm.ts';
import { torchtune } from './torchtune.ts';
import { trl } from './trl.ts';
import { ultralytics } from './ultralytics.ts';
import { createView } from './view.ts';
import { yolov5 } from './yolov5.ts';

/** Every framework we read; where two are equally sure of a file, the earlier one has it. */
export const dialects: readonly Dialect[] = [
  llamaFactory,
  trl,
  msSwift,
  axolotl,
  oumi,
  autotrain,
  torchtune,
  litgpt,
  accelerate,
  deepspeed,
  ultralytics,
  yolov5,
  kohya,
  aiToolkit,
  timm,
  hfTrainer,
  generic,
];

const byId = new Map(dialects.map((dialect) => [dialect.id, dialect]));

export function dialectById(id: string): Dialect | undefined {
  return byId.get(id);
}

/** Below this a dialect is not sure enough to say anything. */
const leastConfidence = 0.5;

/**
 * The framework a file is for, judged by its keys; undefined unless there is positive evidence of a training
 * config. Of several YAML documents in one file the first that is recognised decides. `generic` answers only
 * where no framework does.
 */
export function recognise(
  document: ConfigDocument,
  fileName: string,
): { dialect: Dialect; recognition: Recognition } | undefined {
  for (let root = 0; root < document.roots.length; root++) {
    if (document.roots[root]?.kind !== 'map') continue;
    let best: { dialect: Dialect; recognition: Recognition } | undefined;
    for (const dialect of dialects) {
      if (!dialect.formats.includes(document.format)) continue;
      if (dialect === generic && best) continue;
      const view = createView(document, root, dialect.loader(document).loader);
      if (dialect === dialects[0] && isNoTrainingConfig(view, fileName)) break;
      const recognition = dialect.recognise(view, fileName);
      if (!recognition || recognition.confidence < leastConfidence) continue;
      if (!best || recognition.confidence > best.recognition.confidence) best = { dialect, recognition };
    }
    if (best) return best;
  }
  return undefined;
}
