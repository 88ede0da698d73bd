import type { ConfigFile } from '../../engine/config-file.ts';
import { isStated, type TrainingRun, valueOf } from '../../run/training-run.ts';

/**
 * Whether the file gives the batch of one device, or none, and leaves open how many devices there are. A framework made for several
 * devices says so by its keys; a plain script's `batch_size` is the whole batch unless it trains distributed.
 */
export function devicesUnknown(run: TrainingRun, file: ConfigFile): boolean {
  if (isStated(run, 'globalBatch') || valueOf(run, 'worldSize') !== undefined) return false;
  return (
    file.dialect.id !== 'generic' ||
    file.views.some((view) =>
      view
        .keys([])
        .some(
          (name) => /^(?:distributed?|ddp|use_ddp|multi_?gpu)$/i.test(name) && view.boolean([name]) === true,
        ),
    )
  );
}
