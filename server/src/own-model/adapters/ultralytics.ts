import { literal } from '../python.ts';
import type { Adapter } from './adapter.ts';

/** Ultralytics' trainer sets model and data up from the config; its own loop is not started. */
export const ultralytics: Adapter = ({ fileName, say }) => `
import yaml
from ultralytics import YOLO

# ${say('Path from where you start Python.', 'Python을 실행하는 폴더 기준 경로입니다.')}
settings = yaml.safe_load(open(${literal(fileName)}, encoding="utf-8"))
yolo = YOLO(settings["model"], task=settings.get("task"))
trainer = yolo.task_map[yolo.task]["trainer"](overrides={**settings, "task": yolo.task, "mode": "train"})
if hasattr(trainer, "world_size"):  # ${say('newer versions', '최신 버전')}
    trainer._setup_train()
else:
    trainer._setup_train(1)

def loss(model, batch):
    return model(trainer.preprocess_batch(batch))[0].sum()

return trainer.model, trainer.train_loader, loss`;
