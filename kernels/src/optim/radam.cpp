// RAdam: rectified Adam (Liu et al., arXiv 1908.03265).
//
//   rho_inf = 2 / (1 - beta2) - 1,   rho_t = rho_inf - 2 t beta2^t / (1 - beta2^t)
//   m, v as Adam,   mHat = m / (1 - beta1^t)
//   rho_t > rectifyThreshold:  r = sqrt((rho_t - 4)(rho_t - 2) rho_inf / ((rho_inf - 4)(rho_inf - 2) rho_t))
//                              p <- p - lr r mHat sqrt(1 - beta2^t) / (sqrt(v) + eps)
//   otherwise:                 p <- p - lr mHat          (momentum alone, not a skipped step)
//
// with g = gradient + weightDecay p; `decoupledWeightDecay` shrinks p by 1 - lr weightDecay first instead. p, g, m, v:
// the arena. Defaults: lr 1e-3, betas [0.9, 0.999], eps 1e-8, weightDecay 0, rectifyThreshold 5.
// Convention: torch.optim.RAdam: threshold 5 (rectified from step 6 on with beta2 0.999), eps before the correction of
// the root. The paper and the source document rectify from rho_t > 4 on: `rectifyThreshold: 4`. Option
// `epsAfterCorrection` (optax): p - lr r mHat / (sqrt(v / (1 - beta2^t)) + eps).
// State: two Reals a parameter.
#include <cmath>

#include "optim/elementwise.hpp"
#include "optim/factories.hpp"
#include "optim/moments.hpp"

namespace trainlint {
namespace {

template <class Real>
class Radam final : public Elementwise<Real> {
 public:
  Radam(const ParameterLayout& layout, const MomentSettings& settings, double threshold, bool epsAfterCorrection)
      : Elementwise<Real>(layout, 2, settings.weightDecay),
        settings_(settings),
        threshold_(threshold),
        epsAfterCorrection_(epsAfterCorrection) {}

 private:
  void beginStep(double lr) override {
    lr_ = lr;
    const double t = static_cast<double>(this->time_);
    const BiasCorrection correction = settings_.correctionAt(this->time_);
    const double rhoInf = 2 / (1 - settings_.beta2) - 1;
    const double rho = rhoInf - 2 * t * (1 - correction.second) / correction.second;
    stepSize_ = lr / correction.first;
    rootCorrection_ = 1;
    rectified_ = rho > threshold_;
    if (!rectified_) return;
    stepSize_ *= std::sqrt((rho - 4) * (rho - 2) * rhoInf / ((rhoInf - 4) * (rhoInf - 2) * rho));
    if (epsAfterCorrection_)
      rootCorrection_ = 1 / std::sqrt(correction.second);
    else
      stepSize_ *= std::sqrt(correction.second);
  }

  void update(Real* params, const Real* grads, const Range& range, double weightDecay) override {
    const auto loop = rectified_ ? this->loops_.adam : this->loops_.radamUnrectified;
    loop(params, grads, this->buffer(0, range), this->buffer(1, range), range.size,
         {settings_.scalars<Real>(lr_, weightDecay), Real(stepSize_), Real(rootCorrection_)});
  }

  const MomentSettings settings_;
  const double threshold_;
  const bool epsAfterCorrection_;
  bool rectified_ = false;
  double lr_ = 0, stepSize_ = 0, rootCorrection_ = 1;
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeRadam(const OptimizerSpec& spec, const ParameterLayout& layout) {
  Hyperparameters reader(spec);
  reader.learningRate(1e-3);
  const MomentSettings settings = readMoments(reader, {});
  const double threshold = reader.number("rectifyThreshold", 5);
  Hyperparameters::require(threshold >= 4, "Invalid rectifyThreshold (the variance exists from 4 on)", threshold);
  const bool epsAfterCorrection = reader.flag("epsAfterCorrection", false);
  reader.finish();
  return std::make_unique<Radam<Real>>(layout, settings, threshold, epsAfterCorrection);
}

TRAINLINT_INSTANTIATE_MAKER(makeRadam)

}  // namespace trainlint
