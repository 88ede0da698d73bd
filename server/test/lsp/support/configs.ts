/** A Hugging Face config with one safe fix (`5e-5`), and otherwise nothing that is certain. */
export const bert = `# BERT on MRPC
model_name_or_path: bert-base-uncased
output_dir: out
optim: adamw_torch
learning_rate: 5e-5   # from the paper
weight_decay: 0.01
lr_scheduler_type: linear
per_device_train_batch_size: 16
gradient_accumulation_steps: 2
max_steps: 1000
`;

/** The same, a thousand times too fast. */
export const diverging = bert.replace('5e-5', '0.5');

export const workflow = `name: CI
on: [push]
jobs:
  train:
    runs-on: ubuntu-latest
    steps:
      - run: python train.py --learning_rate 5e-5
`;
