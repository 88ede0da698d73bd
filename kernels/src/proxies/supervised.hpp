// What all supervised proxies share: a program, a source of examples, training, probe and validation batches.
#pragma once

#include <algorithm>
#include <limits>

#include "program/program.hpp"
#include "proxies/proxy.hpp"

namespace trainlint {

/// Numbers an example consists of: `x` real inputs, `y` real targets, `ids` integer inputs or targets.
struct ExampleShape {
  int x = 0, y = 0, ids = 0;
};

struct Examples {
  std::vector<float> x, y;
  std::vector<int32_t> ids;
  int count = 0;

  void resize(const ExampleShape& s, int n) {
    count = n;
    x.resize(size_t(n) * s.x);
    y.resize(size_t(n) * s.y);
    ids.resize(size_t(n) * s.ids);
  }
  void copyFrom(const ExampleShape& s, const Examples& other, int from, int to) {
    std::copy_n(other.x.begin() + ptrdiff_t(from) * s.x, s.x, x.begin() + ptrdiff_t(to) * s.x);
    std::copy_n(other.y.begin() + ptrdiff_t(from) * s.y, s.y, y.begin() + ptrdiff_t(to) * s.y);
    std::copy_n(other.ids.begin() + ptrdiff_t(from) * s.ids, s.ids, ids.begin() + ptrdiff_t(to) * s.ids);
  }
};

template <class Real>
class Supervised : public Proxy<Real> {
 public:
  const std::vector<Player>& players() const override { return players_; }
  size_t parameterCount() const override { return program_.layout.total; }
  void initialise(Real* params) override { program_.initialise(settings_.seed, params); }

  void drawBatch(uint64_t sequence, int, const Real*) override {
    drawExamples(sequence);
    sequence_ = sequence;
    if (settings_.badBatchScale == 1) return;
    const uint64_t parts = uint64_t(settings_.accumulation);
    for (const double share : {.15, .35, .6})
      if (sequence == uint64_t(share * settings_.steps) * parts) scaleExamples(2);
  }

  void currentBatch(std::vector<double>& x, std::vector<double>& y, std::vector<double>& ids) const override {
    x.assign(batch_.x.begin(), batch_.x.end());
    y.assign(batch_.y.begin(), batch_.y.end());
    ids.assign(batch_.ids.begin(), batch_.ids.end());
  }

  double gradient(int, const Real* params, Real* grads, bool firstPass) override {
    return gradient(params, grads, firstPass, nullptr);
  }
  void sampledGradient(int, const Real* params, Real* grads, Random& labels) override {
    gradient(params, grads, false, &labels);
  }
  std::vector<LayerStatistics<Real>> denseLayers(int) const override {
    std::vector<LayerStatistics<Real>> layers;
    for (const DenseRecord<Real>& d : program_.denseLayers)
      layers.push_back({d.weight, d.bias, d.x->value, d.y->grad, size_t(batch_.count) * size_t(d.x->rows)});
    return layers;
  }

  double probeLoss(const Real* params) override {
    Pass<Real> pass = makePass(params, nullptr, probe_, 0, probe_.count);
    pass.training = true;
    program_.forward(pass);
    deadUnits_ = program_.deadUnits(probe_.count);
    return pass.loss;
  }
  double deadUnits() const override { return deadUnits_; }

  double validationLoss(const Real* params, const std::atomic<bool>& cancelled) override {
    double total = 0;
    for (int from = 0; from < validation_.count; from += program_.capacity()) {
      if (cancelled.load(std::memory_order_relaxed)) return std::numeric_limits<double>::quiet_NaN();
      const int n = std::min(program_.capacity(), validation_.count - from);
      Pass<Real> pass = makePass(params, nullptr, validation_, from, n);
      program_.forward(pass);
      total += pass.loss * n;
    }
    return total / validation_.count;
  }

 protected:
  explicit Supervised(const ProxySettings& settings) : settings_(settings) {}

  /// Fills `out.count` examples. `clean`: held-out data, without label noise.
  virtual void makeExamples(Random& random, Examples& out, bool clean) = 0;

  /// What differs from one pass over a finite data set to the next.
  virtual void vary(Random&, Examples&) {}

  /// To be called at the end of the constructor of the proxy, when program, input and shape are there.
  void ready(int probeExamples, int validationExamples) {
    players_ = {Player{0, program_.layout}};
    if (settings_.batchSize == 0) return;  // only the layout is wanted
    program_.plan(std::max(settings_.batchSize, probeExamples));
    if (settings_.datasetSize > 0) {
      Random random(settings_.seed, Stream::train);
      train_.resize(shape_, settings_.datasetSize);
      makeExamples(random, train_, false);
    }
    Random forValidation(settings_.seed, Stream::validation);
    validation_.resize(shape_, validationExamples);
    makeExamples(forValidation, validation_, true);
    Random forProbe(settings_.seed, Stream::probe);
    probe_.resize(shape_, probeExamples);
    if (settings_.datasetSize > 0)
      for (int i = 0; i < probeExamples; i++)
        probe_.copyFrom(shape_, train_, int(forProbe.integer(uint32_t(settings_.datasetSize))), i);
    else makeExamples(forProbe, probe_, false);
  }

  double labelNoise(double byDefault) const { return settings_.labelNoise < 0 ? byDefault : settings_.labelNoise; }

  ProxySettings settings_;
  Program<Real> program_;
  Tensor<Real>* input_ = nullptr;  // real inputs; null if there are only ids
  ExampleShape shape_;

 private:
  void drawExamples(uint64_t sequence) {
    const int n = settings_.batchSize;
    if (settings_.datasetSize == 0) {
      Random random(settings_.seed, Stream::data, sequence);
      batch_.resize(shape_, n);
      makeExamples(random, batch_, false);
      return;
    }
    // Epochs in an order of their own, as a shuffling loader gives them.
    const uint32_t size = uint32_t(settings_.datasetSize);
    batch_.resize(shape_, n);
    for (int i = 0; i < n; i++) {
      const uint64_t at = sequence * uint64_t(n) + uint64_t(i);
      if (order_.empty() || at / size != epoch_) {
        epoch_ = at / size;
        order_ = Random(settings_.seed, Stream::order, epoch_).permutation(size);
      }
      batch_.copyFrom(shape_, train_, int(order_[at % size]), i);
    }
    Random random(settings_.seed, Stream::data, sequence);
    vary(random, batch_);
  }

  void scaleExamples(int count) {
    count = std::min(count, batch_.count);
    for (int i = 0; i < count * shape_.x; i++) batch_.x[size_t(i)] *= float(settings_.badBatchScale);
    for (int i = 0; i < count * shape_.y; i++) batch_.y[size_t(i)] *= float(settings_.badBatchScale);
  }

  double gradient(const Real* params, Real* grads, bool firstPass, Random* labels) {
    std::fill(grads, grads + program_.layout.total, Real(0));
    Pass<Real> pass = makePass(params, grads, batch_, 0, batch_.count);
    pass.training = pass.wantGradients = true;
    pass.updateStatistics = firstPass;
    pass.labels = labels;
    const RandomCounter dropout{0, uint32_t(Stream::dropout), uint32_t(sequence_), uint32_t(sequence_ >> 32),
                                uint32_t(settings_.seed), uint32_t(settings_.seed >> 32)};
    pass.dropout = &dropout;
    program_.forward(pass);
    program_.backward(pass);
    return pass.loss;
  }

  Pass<Real> makePass(const Real* params, Real* grads, const Examples& examples, int from, int count) {
    if (input_) {
      const float* x = examples.x.data() + ptrdiff_t(from) * shape_.x;
      std::copy_n(x, ptrdiff_t(count) * shape_.x, input_->value);
    }
    return Pass<Real>{kernels<Real>(), params, grads, count, false, false, false,
                      examples.ids.data() + ptrdiff_t(from) * shape_.ids,
                      examples.y.data() + ptrdiff_t(from) * shape_.y, 0, nullptr};
  }

  std::vector<Player> players_;
  Examples batch_, train_, validation_, probe_;
  std::vector<uint32_t> order_;
  uint64_t epoch_ = 0, sequence_ = 0;
  double deadUnits_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace trainlint
