// A proxy: a small, recognisable instance of an architecture with data generated from a seed.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "optim/optimizer.hpp"
#include "rng/random.hpp"
#include "simd/precision.hpp"

namespace trainlint {

struct ProxySettings {
  uint64_t seed = 0;
  /// 0: the proxy is only asked for its layout and allocates nothing.
  int batchSize = 1;
  /// Training examples; 0 = an endless stream.
  int datasetSize = 0;
  /// Fraction of training labels replaced; below 0 = the proxy's own default.
  double labelNoise = -1;
  /// Steps of the whole run and micro-batches of a step: how long exploration lasts, where bad batches fall.
  int steps = 1, accumulation = 1;
  /// Factor on two examples of the batches at 15, 35 and 60 % of the run; 1: none. Only where `badBatches` says so.
  double badBatchScale = 1;
  /// Share of the activations dropped in training; only where `dropout` says so.
  double dropout = 0;
  /// Set when the run is cancelled; long preparations look at it. May be null.
  const std::atomic<bool>* cancelled = nullptr;
};

/// A range of the parameter arena with an optimizer of its own; a GAN has two, every other proxy one.
struct Player {
  size_t offset = 0;
  ParameterLayout layout;  // segments relative to `offset`
};

/// A dense layer's segments (bias -1: none), its inputs [rows, in] and the gradients of its outputs [rows, out].
template <class Real>
struct LayerStatistics {
  int weight, bias;
  const Real *inputs, *outputGrads;
  size_t rows;
};

/// Losses are means over the examples of a batch. `params` and `grads` hold all parameters of all players.
template <class Real>
class Proxy {
 public:
  virtual ~Proxy() = default;

  /// Players in the order in which they take their step.
  virtual const std::vector<Player>& players() const = 0;
  virtual size_t parameterCount() const = 0;
  virtual void initialise(Real* params) = 0;

  /// Draws the batch of one micro-step; `sequence` counts micro-steps from 0. Reinforcement learning acts here.
  virtual void drawBatch(uint64_t sequence, int player, const Real* params) = 0;
  /// Loss on the drawn batch; `grads` (all players' length, only the player's range counts) is overwritten.
  /// `firstPass` false: the same batch again at other parameters (SAM, L-BFGS), running statistics stay.
  virtual double gradient(int player, const Real* params, Real* grads, bool firstPass) = 0;

  /// Gradient on the drawn batch with labels drawn from the model's own output (Gauss-Newton-Bartlett, for Sophia).
  /// Proxies without a likelihood take the true labels.
  virtual void sampledGradient(int player, const Real* params, Real* grads, Random& labels) {
    (void)labels;
    gradient(player, params, grads, false);
  }
  /// The player's dense layers after `gradient`, for K-FAC; none if the proxy does not offer them.
  virtual std::vector<LayerStatistics<Real>> denseLayers(int player) const {
    (void)player;
    return {};
  }

  /// Whether there is a fixed batch to measure on; without one (GAN, reinforcement learning) no probe loss is recorded.
  virtual bool hasProbe() const { return true; }
  /// Loss on one fixed batch, as in training but without side effects.
  virtual double probeLoss(const Real* params) = 0;
  /// Share of ReLU units that were silent on the whole batch of the last `probeLoss`, in [0, 1]; NaN without such units.
  virtual double deadUnits() const { return std::numeric_limits<double>::quiet_NaN(); }
  /// Loss on held-out clean data; gives up early (NaN) when `cancelled` becomes true.
  virtual double validationLoss(const Real* params, const std::atomic<bool>& cancelled) = 0;

  /// Numbers for StepRecord.metrics after a step, in the order of the proxy's names.
  virtual std::vector<double> metrics() { return {}; }

  /// The drawn batch, for comparing with another framework: real inputs, real targets, integers.
  virtual void currentBatch(std::vector<double>&, std::vector<double>&, std::vector<double>&) const {}
};

/// One line of the registry.
struct ProxyEntry {
  const char* id;
  int defaultBatchSize;
  std::array<const char*, 3> metrics;  // null: fewer
  bool classifies;   // label noise makes sense
  bool finiteData;   // a dataset size makes sense
  bool badBatches;   // outliers in single batches make sense: real-valued inputs and targets
  bool dropout;      // has layers that drop activations
  std::unique_ptr<Proxy<float>> (*makeFloat)(const ProxySettings&);
  /// For gradient checks; null in what ships.
  std::unique_ptr<Proxy<double>> (*makeDouble)(const ProxySettings&);
  /// Weights that the first run of a process computes and every run begins from; empty before that. Null: there are none.
  std::vector<float> (*warmStart)() = nullptr;
  /// Takes them over from another process of the same build; false where their number is wrong.
  bool (*adoptWarmStart)(std::vector<float>) = nullptr;
};

const std::vector<ProxyEntry>& proxyRegistry();
/// Null if there is none of that id.
const ProxyEntry* findProxy(const std::string& id);

template <template <class> class P>
ProxyEntry proxyEntry(const char* id, int defaultBatchSize, bool classifies) {
  return {id, defaultBatchSize, {}, classifies, true, false, false,
          [](const ProxySettings& s) -> std::unique_ptr<Proxy<float>> { return std::make_unique<P<float>>(s); },
#if !TRAINLINT_FLOAT64
          nullptr};
#else
          [](const ProxySettings& s) -> std::unique_ptr<Proxy<double>> { return std::make_unique<P<double>>(s); }};
#endif
}

}  // namespace trainlint
