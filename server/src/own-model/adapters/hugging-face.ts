import { type TrainingRun, valueOf } from '../../run/training-run.ts';
import { literal } from '../python.ts';
import type { Adapter, AdapterContext } from './adapter.ts';

interface Kind {
  readonly auto: string;
  /** What turns samples into inputs. */
  readonly processor: 'AutoTokenizer' | 'AutoImageProcessor';
  /** PEFT's name of the task. */
  readonly task?: string;
  /** What one sample is, in words and in Python. */
  readonly sample: (context: AdapterContext) => string;
  /** Lines that make `batch` of a list of samples. */
  readonly collate: string;
}

const ignorePadding = 'batch["labels"] = batch["input_ids"].masked_fill(batch["attention_mask"] == 0, -100)';

const kinds = {
  causal: {
    auto: 'AutoModelForCausalLM',
    processor: 'AutoTokenizer',
    task: 'CAUSAL_LM',
    sample: ({ say }) =>
      say(
        'texts, with prompt and answer as you train on them',
        '프롬프트와 답을 학습할 때와 같이 이어 붙인 텍스트',
      ),
    collate: `batch = processor(samples, return_tensors="pt", padding=True, truncation=True, max_length=length)\n${ignorePadding}`,
  },
  seq2seq: {
    auto: 'AutoModelForSeq2SeqLM',
    processor: 'AutoTokenizer',
    task: 'SEQ_2_SEQ_LM',
    sample: ({ say }) => say('pairs (source text, target text)', '(입력 텍스트, 목표 텍스트) 쌍'),
    collate: `sources, targets = zip(*samples)
batch = processor(list(sources), text_target=list(targets), return_tensors="pt", padding=True, truncation=True, max_length=length)
batch["labels"] = batch["labels"].masked_fill(batch["labels"] == processor.pad_token_id, -100)`,
  },
  classification: {
    auto: 'AutoModelForSequenceClassification',
    processor: 'AutoTokenizer',
    task: 'SEQ_CLS',
    sample: ({ say }) => say('pairs (text, class number)', '(텍스트, 클래스 번호) 쌍'),
    collate: `texts, labels = zip(*samples)
batch = processor(list(texts), return_tensors="pt", padding=True, truncation=True, max_length=length)
batch["labels"] = torch.tensor(labels)`,
  },
  image: {
    auto: 'AutoModelForImageClassification',
    processor: 'AutoImageProcessor',
    sample: ({ say }) => say('pairs (PIL image, class number)', '(PIL 이미지, 클래스 번호) 쌍'),
    collate: `images, labels = zip(*samples)
batch = processor(list(images), return_tensors="pt")
batch["labels"] = torch.tensor(labels)`,
  },
} as const satisfies Record<string, Kind>;

/** Which head the model most likely has; `undefined` where nothing tells. */
function kindOf(run: TrainingRun): Kind | undefined {
  const architecture = valueOf(run, 'architecture');
  const objective = valueOf(run, 'objective');
  if (architecture === 't5') return kinds.seq2seq;
  if (architecture === 'vit' || architecture === 'resnet') return kinds.image;
  if (architecture === 'bert') return objective === 'pretraining' ? undefined : kinds.classification;
  if (architecture === 'gpt' || valueOf(run, 'domain') === 'llm')
    return objective === undefined || objective === 'supervised' || objective === 'pretraining'
      ? kinds.causal
      : undefined;
  return undefined;
}

/** `transformers` and what stands on it: the model by its name, or the user's own Trainer, which knows all three. */
export const huggingFace: Adapter = (context) => {
  const kind = kindOf(context.run);
  return kind ? byName(context, kind) : fromTrainer(context);
};

/** Preference tuning, rewards, masked words: the loss is the trainer's, so the trainer is asked. */
function fromTrainer({ say }: AdapterContext): string {
  return `
# ${say('EDIT: import or build the Trainer of your training script, without calling train().', '수정: 학습 스크립트의 Trainer를 가져오거나 만드세요. train()은 부르지 않습니다.')}
#   from my_project import trainer
raise NotImplementedError("${say('fill in build() of this file', '이 파일의 build()를 채우세요')}")
return trainer.model, trainer.get_train_dataloader(), lambda model, batch: trainer.compute_loss(model, dict(batch))`;
}

function byName(context: AdapterContext, kind: Kind): string {
  const { run, say } = context;
  const model = valueOf(run, 'model');
  const precision = valueOf(run, 'precision');
  const quantized = valueOf(run, 'method') === 'qlora';
  const lora = quantized || valueOf(run, 'method') === 'lora';
  const name =
    model === undefined
      ? `name = ""  # ${say('EDIT: name or path of the model', '수정: 모델 이름 또는 경로')}`
      : `name = ${literal(model)}`;
  const arguments_ = quantized
    ? ', quantization_config=transformers.BitsAndBytesConfig(load_in_4bit=True)'
    : '';
  const scratch = valueOf(run, 'fromScratch') === true;
  const load = scratch
    ? `model = transformers.${kind.auto}.from_config(transformers.AutoConfig.from_pretrained(name))`
    : `model = transformers.${kind.auto}.from_pretrained(name${arguments_})`;
  const cast = quantized
    ? []
    : precision === 'bf16'
      ? ['model.bfloat16()']
      : precision === 'fp16'
        ? ['model.half()']
        : [
            `model.float()  # ${say('mixed precision keeps fp32 weights; drop this line if your script loads bf16', '혼합 정밀도는 fp32 가중치를 둡니다. 스크립트가 bf16으로 불러온다면 이 줄을 지우세요')}`,
          ];
  const adapter =
    lora && kind.task
      ? [
          `import peft  # ${say('EDIT: rank and targets of your adapter', '수정: 사용하는 어댑터의 랭크와 대상')}`,
          `model = peft.get_peft_model(model, peft.LoraConfig(task_type="${kind.task}", r=16, lora_alpha=32))`,
        ]
      : [];
  const padding =
    kind.processor === 'AutoTokenizer'
      ? [
          'processor.pad_token = processor.pad_token or processor.eos_token',
          'model.config.pad_token_id = processor.pad_token_id',
          `length = ${literal(valueOf(run, 'sequenceLength') ?? 512)}  # ${say('tokens a sample', '표본당 최대 토큰 수')}`,
        ]
      : [];
  return `
import transformers
${name}
${[load, ...cast, `processor = transformers.${kind.processor}.from_pretrained(name)`, ...padding, ...adapter].join('\n')}
data = []  # ${say('EDIT: at least STEPS * ACCUMULATION * BATCH', '수정: 최소 STEPS * ACCUMULATION * BATCH개의')} ${kind.sample(context)}
assert data, "${say('fill in `data` in build() of this file', '이 파일의 build()에서 data를 채우세요')}"

def collate(samples):
${kind.collate.replace(/^/gm, '    ')}
    return batch

# ${say('Or, where your script has a Trainer: trainer.model, trainer.get_train_dataloader()', '스크립트에 Trainer가 있다면 trainer.model과 trainer.get_train_dataloader()를 써도 됩니다')}
batches = torch.utils.data.DataLoader(data, batch_size=BATCH, shuffle=True, collate_fn=collate)
return model, batches, lambda model, batch: model(**batch).loss`;
}
