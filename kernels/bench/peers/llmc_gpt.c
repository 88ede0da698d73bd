// llm.c's GPT-2 functions at the shape of the gpt proxy (width 32, two layers, two heads, context and vocabulary 32,
// batch 16). Built by bench/peers.ts in a folder where train_gpt2.c of a checkout is included; nothing of it is here.
// One request a line: repeats; answers seconds.
#define TESTING
#include <stdio.h>
#define printf(...) 0  // the first forward pass reports its memory; standard output is for answers
#include "train_gpt2.c"
#undef printf

int main(void) {
  GPT2 model;
  memset(&model, 0, sizeof(model));
  model.config = (GPT2Config){.max_seq_len = 32, .vocab_size = 32, .padded_vocab_size = 32, .num_layers = 2,
                              .num_heads = 2, .channels = 32};
  fill_in_parameter_sizes(model.param_sizes, model.config);
  for (int i = 0; i < NUM_PARAMETER_TENSORS; i++) model.num_parameters += model.param_sizes[i];
  model.params_memory = malloc_and_point_parameters(&model.params, model.param_sizes);
  for (size_t i = 0; i < model.num_parameters; i++)
    model.params_memory[i] = .02f * ((float)((i * 2654435761u) % 2001) / 1000.f - 1.f);
  for (int i = 0; i < 2 * 32; i++) model.params.ln1w[i] = model.params.ln2w[i] = 1.f;
  for (int i = 0; i < 32; i++) model.params.lnfw[i] = 1.f;
  model.mean_loss = -1.f;
  enum { B = 16, T = 32 };
  int inputs[B * T], targets[B * T];
  for (int i = 0; i < B * T; i++) {
    inputs[i] = (i * 7 + 3) % 32;
    targets[i] = (inputs[i] * 5 + 1) % 32;
  }
  int repeats, step = 0;
  while (scanf("%d", &repeats) == 1) {
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < repeats; i++) {
      gpt2_forward(&model, inputs, targets, B, T);
      gpt2_zero_grad(&model);
      gpt2_backward(&model);
      gpt2_update(&model, 1e-4f, .9f, .999f, 1e-8f, 0.f, ++step);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%.9g\n", (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec));
    fflush(stdout);
  }
}
