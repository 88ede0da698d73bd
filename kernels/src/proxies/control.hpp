// What the reinforcement-learning proxies share.
#pragma once

#include <algorithm>
#include <limits>

#include "ops/activation.hpp"
#include "ops/dense.hpp"
#include "program/program.hpp"
#include "proxies/cart_pole.hpp"
#include "proxies/proxy.hpp"

namespace trainlint {

/// A network of two tanh layers of 32 units.
template <class Real>
Tensor<Real>* controlNetwork(Program<Real>& program, Tensor<Real>* x, int outputs, DenseOptions last = {}) {
  for (int layer = 0; layer < 2; layer++) x = activation(program, dense(program, x, 32), Activation::tanh);
  return dense(program, x, outputs, last);
}

/// One program over observations; the loss layer reads `ids` and `targets` of the batch.
template <class Real>
class ControlProxy : public Proxy<Real> {
 public:
  static constexpr int kActions = 2, kEvaluations = 32;

  const std::vector<Player>& players() const override { return players_; }
  size_t parameterCount() const override { return program_.layout.total; }
  void initialise(Real* params) override { program_.initialise(settings_.seed, params); }
  bool hasProbe() const override { return false; }
  double probeLoss(const Real*) override { return std::numeric_limits<double>::quiet_NaN(); }

  double gradient(int, const Real* params, Real* grads, bool) override {
    std::fill(grads, grads + program_.layout.total, Real(0));
    Pass<Real> pass = load(params, observations_, int(ids_.size()));
    pass.grads = grads;
    pass.training = pass.wantGradients = true;
    pass.ids = ids_.data();
    pass.targets = targets_.data();
    program_.forward(pass);
    program_.backward(pass);
    return pass.loss;
  }

  /// 1 - mean greedy return / 200 over 32 fresh poles: 0 = every pole stands to the end.
  double validationLoss(const Real* params, const std::atomic<bool>& cancelled) override {
    CartPole poles(kEvaluations, Random(settings_.seed, Stream::validation));
    std::vector<int> lengths(kEvaluations, 0);
    for (int step = 1; step <= CartPole::kMaxSteps; step++) {
      if (cancelled.load(std::memory_order_relaxed)) return std::numeric_limits<double>::quiet_NaN();
      const Real* scores = decide(params, poles);
      bool running = false;
      for (int i = 0; i < kEvaluations; i++) {
        if (lengths[size_t(i)] > 0) continue;
        if (poles.step(i, scores[i * kActions + 1] > scores[i * kActions] ? 1 : 0).ended) lengths[size_t(i)] = step;
        else running = true;
      }
      if (!running) break;
    }
    double total = 0;
    for (int length : lengths) total += length;
    return 1 - total / kEvaluations / CartPole::kMaxSteps;
  }

  void currentBatch(std::vector<double>& x, std::vector<double>& y, std::vector<double>& ids) const override {
    x.assign(observations_.begin(), observations_.end());
    y.assign(targets_.begin(), targets_.end());
    ids.assign(ids_.begin(), ids_.end());
  }

 protected:
  explicit ControlProxy(const ProxySettings& settings) : settings_(settings) {
    input_ = program_.tensor(1, CartPole::kState, false);
  }

  /// `scores`: the [1, actions] outputs that decide; `targetsPerExample`: what the loss layer reads of each example.
  void ready(Tensor<Real>* scores, int capacity, int targetsPerExample) {
    scores_ = scores;
    players_ = {Player{0, program_.layout}};
    if (settings_.batchSize == 0) return;
    program_.plan(capacity);
    idle_.assign(size_t(capacity), 0);
    idleTargets_.assign(size_t(capacity) * size_t(targetsPerExample), 0);
  }

  /// Outputs for the observations (the loss layer runs along on idle targets).
  void infer(const Real* params, const std::vector<float>& observations, int count) {
    Pass<Real> pass = load(params, observations, count);
    program_.forward(pass);
  }
  const Real* decide(const Real* params, const CartPole& poles) {
    seen_.resize(size_t(poles.count()) * CartPole::kState);
    for (int i = 0; i < poles.count(); i++) {
      const auto o = poles.observe(i);
      std::copy(o.begin(), o.end(), seen_.begin() + i * CartPole::kState);
    }
    infer(params, seen_, poles.count());
    return scores_->value;
  }

  ProxySettings settings_;
  Program<Real> program_;
  Tensor<Real>* input_ = nullptr;
  Tensor<Real>* scores_ = nullptr;
  std::vector<float> observations_, targets_, seen_;  // the drawn batch; the last observations decided on
  std::vector<int32_t> ids_;

 private:
  Pass<Real> load(const Real* params, const std::vector<float>& observations, int count) {
    std::copy_n(observations.begin(), count * CartPole::kState, input_->value);
    return Pass<Real>{kernels<Real>(), params, nullptr, count, false, false, false, idle_.data(), idleTargets_.data(),
                      0, nullptr};
  }
  std::vector<Player> players_;
  std::vector<int32_t> idle_;
  std::vector<float> idleTargets_;
};

}  // namespace trainlint
