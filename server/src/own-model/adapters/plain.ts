import type { Adapter } from './adapter.ts';

/** Any training loop in PyTorch: the user hands over three things. */
export const plain: Adapter = ({ say }) => `
# ${say('EDIT: your model, your batches, your loss, as your training script makes them. For example:', '수정: 학습 스크립트와 똑같이 모델, 배치, 손실을 만드세요. 예:')}
#   from my_project import make_model, make_train_loader
#   model, batches = make_model(), make_train_loader(${say('batch size as below', '배치 크기는 아래와 같이')})
#   def loss(model, batch):
#       inputs, targets = batch
#       return torch.nn.functional.cross_entropy(model(inputs), targets)
raise NotImplementedError("${say('fill in build() of this file', '이 파일의 build()를 채우세요')}")
return model, batches, loss`;
