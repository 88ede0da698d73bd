// What `npm run bench` times: single operations without JavaScript in between.
#include <atomic>
#include <functional>
#include <memory>

#include "binding/inspection.hpp"
#include "loop/training_run.hpp"
#include "memory/shared.hpp"
#include "ops/kernels.hpp"
#include "optim/optimizer.hpp"
#include "rng/random.hpp"
#include "threads/clock.hpp"

namespace trainlint {
namespace {

std::vector<float> numbers(size_t n) {
  std::vector<float> values(n);
  Random(1, Stream::data, n).fillNormal(values.data(), n);
  return values;
}

// kind nn: C = A B; nt: C = A B^T, B transposed first as the dense layer does; tn: C += A^T B
std::function<void()> gemmTask(const std::string& kind, int M, int N, int K) {
  const auto a = Shared<std::vector<float>>::make(numbers(size_t(M) * K));
  const auto b = Shared<std::vector<float>>::make(numbers(size_t(K) * N));
  const auto c = Shared<std::vector<float>>::make(size_t(M) * N);
  const auto scratch = Shared<std::vector<float>>::make(size_t(K) * N);
  const Kernels<float>& k = kernels<float>();
  if (kind == "nt")
    return [=, &k] {
      k.transpose(N, K, b->data(), K, scratch->data(), N);
      k.gemm(M, N, K, a->data(), K, 1, scratch->data(), N, c->data(), N, nullptr, false);
    };
  if (kind == "tn")
    return [=, &k] { k.gemm(M, N, K, a->data(), 1, M, b->data(), N, c->data(), N, nullptr, true); };
  return [=, &k] { k.gemm(M, N, K, a->data(), K, 1, b->data(), N, c->data(), N, nullptr, false); };
}

/// Passes over arrays of n elements: how many each only reads, and how many it reads and writes.
struct Sweep {
  int sources, targets;
};

// The same four arrays in every pass, wherever malloc places them.
std::function<void()> streamTask(size_t n, const std::vector<Sweep>& passes) {
  struct State {
    std::vector<float> p, g, m, v;
  };
  const auto s = Shared<State>::make(State{numbers(n), numbers(n), numbers(n), numbers(n)});
  const Kernels<float>& k = kernels<float>();
  return [=, &k] {
    float* const targets[] = {s->p.data(), s->m.data(), s->v.data()};
    const float* const sources[] = {s->g.data(), s->v.data()};
    for (const Sweep& pass : passes) k.stream(ptrdiff_t(n), pass.sources, sources, pass.targets, targets);
  };
}

// The most square matrix of n elements, so that per-row and per-column rules do what they do in a network.
void shapeAsMatrix(Segment& s) {
  int64_t rows = 1;
  for (int64_t r = 1; r * r <= int64_t(s.size); r++)
    if (int64_t(s.size) % r == 0) rows = r;
  s.ndim = 2;
  s.shape[0] = rows;
  s.shape[1] = int64_t(s.size) / rows;
}

std::function<void()> optimizerTask(const std::string& kind, size_t n, size_t tensors) {
  ParameterLayout layout;
  for (size_t i = 0; i < tensors; i++) {
    Segment s{};
    s.offset = layout.total;
    s.size = n / tensors;
    shapeAsMatrix(s);
    layout.segments.push_back(s);
    layout.total += s.size;
  }
  OptimizerSpec spec;
  spec.kind = kind;
  const auto optimizer = Shared<std::unique_ptr<Optimizer<float>>>::make(createOptimizer<float>(spec, layout));
  const auto p = Shared<std::vector<float>>::make(numbers(layout.total));
  const auto g = Shared<std::vector<float>>::make(numbers(layout.total));
  return [=] { (*optimizer)->step(p->data(), g->data(), 1e-3); };
}

// Training steps one after the other, data included, without probes and validation.
std::function<void()> stepTask(const std::string& proxy, const std::string& kind) {
  struct State {
    std::atomic<bool> cancelled{false};
    std::unique_ptr<TrainingRun> run;
  };
  const auto state = Shared<State>::make();
  RunSpec spec;
  spec.proxy = proxy;
  spec.optimizer.kind = kind;
  spec.steps = 1000000;
  spec.learningRates.assign(size_t(spec.steps), 1e-4);
  state->run = std::make_unique<TrainingRun>(spec, state->cancelled);
  state->run->prepare();
  return [state] { state->run->next(); };
}

}  // namespace

Napi::Value benchmark(const Napi::CallbackInfo& info) {
  const auto word = [&](size_t i) { return std::string(info[i].As<Napi::String>()); };
  const auto number = [&](size_t i) { return info[i].As<Napi::Number>().Int32Value(); };
  std::function<void()> task;
  if (word(0) == "gemm") task = gemmTask(word(1), number(2), number(3), number(4));
  else if (word(0) == "stream") {
    std::vector<Sweep> passes;
    for (size_t i = 2; i + 1 < info.Length(); i += 2) passes.push_back({number(i), number(i + 1)});
    task = streamTask(size_t(number(1)), passes);
  }
  else if (word(0) == "step") task = stepTask(word(1), word(2));
  else task = optimizerTask(word(1), size_t(number(2)), size_t(number(3)));
  return Napi::Function::New(info.Env(), [task](const Napi::CallbackInfo& call) {
    const int repeats = call[0].As<Napi::Number>().Int32Value();
    const double start = secondsNow();
    for (int i = 0; i < repeats; i++) task();
    return Napi::Number::New(call.Env(), secondsNow() - start);
  });
}

}  // namespace trainlint
