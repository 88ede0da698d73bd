import type { ConfigDocument } from '../document/types.ts';
import { accelerate } from './accelerate.ts';
import { aiToolkit } from './ai-toolkit.ts';
import { allennlp } from './allennlp.ts';
import { autotrain } from './autotrain.ts';
import { axolotl } from './axolotl.ts';
import { basicsr } from './basicsr.ts';
import { deepspeed } from './deepspeed.ts';
import { detectron2 } from './detectron2.ts';
import type { Dialect, Recognition } from './dialect.ts';
import { diffusionPipe } from './diffusion-pipe.ts';
import { espnet } from './espnet.ts';
import { fairchem } from './fairchem.ts';
import { fairseq } from './fairseq.ts';
import { fuxictr } from './fuxictr.ts';
import { generic } from './generic.ts';
import { gptNeox } from './gpt-neox.ts';
import { hfTrainer } from './hf-trainer.ts';
import { hydra } from './hydra.ts';
import { joeynmt } from './joeynmt.ts';
import { kohya } from './kohya.ts';
import { lavis } from './lavis.ts';
import { levanter } from './levanter.ts';
import { lightningCli } from './lightning-cli.ts';
import { lightningLdm } from './lightning-ldm.ts';
import { litgpt } from './litgpt.ts';
import { llamaFactory } from './llama-factory.ts';
import { llmFoundry } from './llm-foundry.ts';
import { ludwig } from './ludwig.ts';
import { megatron } from './megatron.ts';
import { mlAgents } from './ml-agents.ts';
import { mmf } from './mmf.ts';
import { msSwift } from './ms-swift.ts';
import { nanotron } from './nanotron.ts';
import { nemo } from './nemo.ts';
import { nemoRl } from './nemo-rl.ts';
import { olmo } from './olmo.ts';
import { opennmt } from './opennmt.ts';
import { openpcdet } from './openpcdet.ts';
import { oumi } from './oumi.ts';
import { paddle } from './paddle.ts';
import { parallelWavegan } from './parallel-wavegan.ts';
import { primeRl } from './prime-rl.ts';
import { pykeen } from './pykeen.ts';
import { recbole } from './recbole.ts';
import { rlGames } from './rl-games.ts';
import { rlZoo3 } from './rl-zoo3.ts';
import { rllib } from './rllib.ts';
import { simpleTuner } from './simpletuner.ts';
import { speechbrain } from './speechbrain.ts';
import { isNoTrainingConfig } from './support/other-files.ts';
import { tfGarden } from './tf-garden.ts';
import { timm } from './timm.ts';
import { torchtitan } from './torchtitan.ts';
import { torchtune } from './torchtune.ts';
import { trl } from './trl.ts';
import { ultralytics } from './ultralytics.ts';
import { verl } from './verl.ts';
import { createView } from './view.ts';
import { vits } from './vits.ts';
import { wenet } from './wenet.ts';
import { yacs } from './yacs.ts';
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
  simpleTuner,
  aiToolkit,
  diffusionPipe,
  timm,
  lightningCli,
  lightningLdm,
  nemo,
  nemoRl,
  verl,
  primeRl,
  gptNeox,
  llmFoundry,
  olmo,
  levanter,
  nanotron,
  torchtitan,
  megatron,
  detectron2,
  yacs,
  openpcdet,
  basicsr,
  paddle,
  mmf,
  lavis,
  fairseq,
  espnet,
  wenet,
  opennmt,
  joeynmt,
  speechbrain,
  vits,
  parallelWavegan,
  allennlp,
  ludwig,
  recbole,
  fuxictr,
  pykeen,
  rlZoo3,
  rlGames,
  rllib,
  mlAgents,
  tfGarden,
  fairchem,
  hfTrainer,
  hydra,
  generic,
];

const byId = new Map(dialects.map((dialect) => [dialect.id, dialect]));

export function dialectById(id: string): Dialect | undefined {
  return byId.get(id);
}

/** Below this a dialect is not sure enough to say anything. */
const leastConfidence = 0.5;

/** The largest training configs have some two hundred keys at the top; what has ten times that is data. */
const mostKeys = 2000;

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
    const top = document.roots[root];
    if (top?.kind !== 'map' || top.entries.length > mostKeys) continue;
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
