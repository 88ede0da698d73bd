// DeepSpeed's CPUAdam beside our AdamW: "size tensors threads repeats" a line on stdin; answers seconds. Built against
// csrc/includes of a checkout with the flags of its op_builder; what it leaves below eight elements a tensor goes
// undone, and its calls from Python go unpaid: both in its favour.
#include <omp.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <random>

#include "cpu_adam.h"

namespace {

struct Arrays {
  std::vector<float> p, g, m, v;
  explicit Arrays(size_t n) : p(n), g(n), m(n), v(n) {
    std::mt19937 generator(1);
    std::normal_distribution<float> normal;
    for (auto* array : {&p, &g})
      for (float& x : *array) x = normal(generator);
  }
};

// Spans of 8, then 4, then 1 vectors, as Adam_Optimizer::Step_8.
void stepTensor(Adam_Optimizer& adam, Arrays& a, size_t start, size_t size, bool parallel) {
  const auto take = [&](auto step) {
    size_t done = 0;
    (adam.*step)(&done, a.p.data() + start, a.g.data() + start, a.m.data() + start, a.v.data() + start, size, parallel);
    start += done;
    size -= done;
  };
  take(&Adam_Optimizer::Step_AVX<8, float, float>);
  take(&Adam_Optimizer::Step_AVX<4, float, float>);
  take(&Adam_Optimizer::Step_AVX<1, float, float>);
}

}  // namespace

int main() {
  size_t size = 0, tensors = 0, step = 0;
  int threads = 1, repeats = 0;
  std::unique_ptr<Arrays> arrays;
  Adam_Optimizer adam(1e-3f, 0.9f, 0.999f, 1e-8f, 1e-2f, true);
  while (std::scanf("%zu %zu %d %d", &size, &tensors, &threads, &repeats) == 4) {
    if (!arrays || arrays->p.size() != size) arrays = std::make_unique<Arrays>(size);
    omp_set_num_threads(threads);
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < repeats; i++) {
      adam.IncrementStep(++step, 0.9f, 0.999f);
      adam.update_state(1e-3f, 1e-8f, 1e-2f, true);
      for (size_t tensor = 0; tensor < tensors; tensor++)
        stepTensor(adam, *arrays, tensor * (size / tensors), size / tensors, threads > 1);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("%.9g\n", took.count());
    std::fflush(stdout);
  }
}
