// AdaBound: Adam whose rates are bounded and turn into SGD's (Luo et al., arXiv 1902.09843).
//
//   m, v as Adam,  s = lr sqrt(1 - beta2^t) / (1 - beta1^t),  f = finalLr lr / baseLr
//   lower = f (1 - 1 / (gamma t + 1)),   upper = f (1 + 1 / (gamma t))
//   p <- p - clamp(s / (sqrt(v) + eps), lower, upper) m
//
// with g = gradient + weightDecay p (coupled). p, g, m, v: the arena. Defaults: lr 1e-3, betas [0.9, 0.999], finalLr
// 0.1, gamma 1e-3, eps 1e-8, weightDecay 0. Convention: the authors' code (Luolc/AdaBound): the root is not corrected
// for bias before eps is added, and a schedule scales finalLr as well, because baseLr is the learning rate of the
// constructor (`lr` of the spec). Option `amsgrad` (AMSBound): the root takes the running maximum of v. Option
// `decoupledWeightDecay` (the authors' AdaBoundW): p shrinks by 1 - weightDecay, without the learning rate.
// State: two Reals a parameter, three with amsgrad.
#include <cmath>
#include <limits>

#include "optim/elementwise.hpp"
#include "optim/factories.hpp"
#include "optim/moments.hpp"

namespace trainlint {
namespace {

template <class Real>
class Adabound final : public Elementwise<Real> {
 public:
  Adabound(const ParameterLayout& layout, const MomentSettings& settings, double baseLr, double finalLr, double gamma,
           bool amsgrad)
      : Elementwise<Real>(layout, amsgrad ? 3 : 2, settings.weightDecay),
        settings_(settings),
        baseLr_(baseLr),
        finalLr_(finalLr),
        gamma_(gamma),
        amsgrad_(amsgrad) {}

 private:
  void beginStep(double lr) override {
    lr_ = lr;
    const double t = static_cast<double>(this->time_);
    const BiasCorrection correction = settings_.correctionAt(this->time_);
    stepSize_ = lr * std::sqrt(correction.second) / correction.first;
    const double finalLr = baseLr_ > 0 ? finalLr_ * lr / baseLr_ : finalLr_;
    lower_ = finalLr * (1 - 1 / (gamma_ * t + 1));
    upper_ = gamma_ > 0 ? finalLr * (1 + 1 / (gamma_ * t)) : std::numeric_limits<double>::infinity();
  }

  void update(Real* params, const Real* grads, const Range& range, double weightDecay) override {
    AdaboundScalars<Real> scalars{settings_.scalars<Real>(lr_, weightDecay), Real(stepSize_), Real(lower_),
                                  Real(upper_)};
    if (settings_.decoupled) scalars.moments.shrink = Real(1 - weightDecay);
    Real* m = this->buffer(0, range);
    Real* v = this->buffer(1, range);
    if (amsgrad_)
      this->loops_.adaboundAmsgrad(params, grads, m, v, this->buffer(2, range), range.size, scalars);
    else
      this->loops_.adabound(params, grads, m, v, range.size, scalars);
  }

  const MomentSettings settings_;
  const double baseLr_, finalLr_, gamma_;
  const bool amsgrad_;
  double lr_ = 0, stepSize_ = 0, lower_ = 0, upper_ = 0;
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeAdabound(const OptimizerSpec& spec, const ParameterLayout& layout) {
  Hyperparameters reader(spec);
  const double baseLr = reader.learningRate(1e-3);
  const MomentSettings settings = readMoments(reader, {});
  const double finalLr = reader.number("finalLr", 0.1);
  Hyperparameters::require(finalLr >= 0, "Invalid final learning rate", finalLr);
  const double gamma = reader.number("gamma", 1e-3);
  Hyperparameters::require(gamma >= 0 && gamma < 1, "Invalid gamma parameter", gamma);
  const bool amsgrad = reader.flag("amsgrad", false);
  reader.finish();
  return std::make_unique<Adabound<Real>>(layout, settings, baseLr, finalLr, gamma, amsgrad);
}

TRAINLINT_INSTANTIATE_MAKER(makeAdabound)

}  // namespace trainlint
