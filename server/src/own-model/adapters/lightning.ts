import { literal } from '../python.ts';
import type { Adapter } from './adapter.ts';

/** LightningCLI builds model and data from the config itself and stops before it would train. */
export const lightning: Adapter = ({ fileName, say }) => `
from lightning.pytorch.cli import LightningCLI

# ${say('Path from where you start Python. Where the config gives no class_path, hand your classes over:', 'Python을 실행하는 폴더 기준 경로입니다. 설정에 class_path가 없으면 클래스를 넘기세요:')} LightningCLI(Model, Data, …)
cli = LightningCLI(run=False, args=["--config", ${literal(fileName)}], save_config_callback=None)
data = cli.datamodule or cli.model
data.prepare_data()
data.setup("fit")

def loss(model, batch):
    out = model.training_step(batch, 0)
    return out["loss"] if isinstance(out, dict) else out

return cli.model, data.train_dataloader(), loss`;
