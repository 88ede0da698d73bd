import { valueOf } from '../../run/training-run.ts';
import { literal } from '../python.ts';
import type { Adapter } from './adapter.ts';

/** `timm.create_model` and a folder of images; mixup, EMA and the like are left out. */
export const timm: Adapter = ({ run, say }) => {
  const scratch = valueOf(run, 'fromScratch') !== false;
  // The key also holds names of data sets; only a path is one.
  const dataset = valueOf(run, 'dataset') ?? '';
  const folder = dataset.includes('/') ? dataset : '';
  return `
import timm

model = timm.create_model(${literal(valueOf(run, 'model') ?? 'resnet50')}, pretrained=${literal(!scratch)})  # ${say('EDIT: num_classes=…, drop_path_rate=… as you train', '수정: num_classes=…, drop_path_rate=… 등을 학습할 때와 같게')}
folder = ${literal(folder)}  # ${say('EDIT: folder of the training images, one folder a class', '수정: 클래스별 폴더가 든 학습 이미지 폴더')}
config = timm.data.resolve_model_data_config(model)
images = timm.data.create_dataset("", root=folder, split="train", transform=timm.data.create_transform(**config, is_training=True))
batches = torch.utils.data.DataLoader(images, batch_size=BATCH, shuffle=True)
return model, batches, lambda model, batch: torch.nn.functional.cross_entropy(model(batch[0]), batch[1])`;
};
