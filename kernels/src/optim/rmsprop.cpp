// RMSprop (Tieleman and Hinton, Coursera lecture 6.5, 2012; centered: Graves, arXiv 1308.0850).
//
//   E_t = alpha E_{t-1} + (1 - alpha) g^2
//   p  <- p - lr g / (sqrt(E_t) + eps)
//   centered: the root takes E_t - mean_t^2, mean_t = alpha mean_{t-1} + (1 - alpha) g
//   momentum: b_t = momentum b_{t-1} + g / (root + eps),  p <- p - lr b_t
//
// with g = gradient + weightDecay p (coupled). p, g, E, mean, b: the arena. Defaults: lr 1e-2, alpha 0.99, eps 1e-8,
// momentum 0, centered false, weightDecay 0. Convention: torch.optim.RMSprop (eps outside the root, lr outside the
// buffer). Options, each by itself: `epsInsideRoot` (the source document, optax: lr g / sqrt(E + eps)), `lrInMomentum`
// (the buffer holds lr g / root), `initialAccumulatorValue` (E_0). `tensorflowForm` sets all three, E_0 = 1: what
// EfficientNet's and DQN's published numbers were tuned with. As in PyTorch, the centered variance may round below
// zero when the gradient hardly varies; the NaN then stays visible.
// State: one Real a parameter, one more with momentum, one more with centered.
#include "optim/elementwise.hpp"
#include "optim/factories.hpp"
#include "optim/hyperparameters.hpp"

#include <algorithm>

namespace trainlint {
namespace {

struct RmspropSettings {
  double alpha, eps, momentum, weightDecay, initial;
  bool centered, inside, lrInMomentum;

  int buffers() const { return 1 + (centered ? 1 : 0) + (momentum > 0 ? 1 : 0); }
};

template <class Real>
class Rmsprop final : public Elementwise<Real> {
 public:
  Rmsprop(const ParameterLayout& layout, const RmspropSettings& settings)
      : Elementwise<Real>(layout, settings.buffers(), settings.weightDecay), settings_(settings) {
    auto& square = this->buffers_[0];
    std::fill_n(square.data(), square.size(), Real(settings.initial));
  }

 private:
  void beginStep(double lr) override { lr_ = lr; }

  void update(Real* params, const Real* grads, const Range& range, double weightDecay) override {
    const RmspropSettings& s = settings_;
    const RmspropScalars<Real> scalars{.weightDecay = Real(weightDecay),
                                       .alpha = Real(s.alpha),
                                       .oneMinusAlpha = Real(1 - s.alpha),
                                       .momentum = Real(s.momentum),
                                       .epsInside = s.inside ? Real(s.eps) : Real(0),
                                       .epsOutside = s.inside ? Real(0) : Real(s.eps),
                                       .lrInside = s.lrInMomentum ? Real(lr_) : Real(1),
                                       .lrOutside = s.lrInMomentum ? Real(1) : Real(lr_)};
    Real* mean = s.centered ? this->buffer(1, range) : nullptr;
    Real* velocity = s.momentum > 0 ? this->buffer(s.centered ? 2 : 1, range) : nullptr;
    this->loops_.rmsprop(params, grads, this->buffer(0, range), mean, velocity, range.size, scalars);
  }

  const RmspropSettings settings_;
  double lr_ = 0;
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeRmsprop(const OptimizerSpec& spec, const ParameterLayout& layout) {
  Hyperparameters reader(spec);
  RmspropSettings settings;
  reader.learningRate(1e-2);
  settings.eps = reader.epsilon(1e-8);
  settings.momentum = reader.momentum(0);
  settings.weightDecay = reader.weightDecay();
  settings.alpha = reader.number("alpha", 0.99);
  Hyperparameters::require(settings.alpha >= 0, "Invalid alpha value", settings.alpha);
  settings.centered = reader.flag("centered", false);
  const bool tensorflow = reader.flag("tensorflowForm", false);
  settings.inside = reader.flag("epsInsideRoot", tensorflow);
  settings.lrInMomentum = reader.flag("lrInMomentum", tensorflow);
  settings.initial = reader.number("initialAccumulatorValue", tensorflow ? 1 : 0);
  Hyperparameters::require(settings.initial >= 0, "Invalid initial_accumulator_value value", settings.initial);
  reader.finish();
  return std::make_unique<Rmsprop<Real>>(layout, settings);
}

TRAINLINT_INSTANTIATE_MAKER(makeRmsprop)

}  // namespace trainlint
