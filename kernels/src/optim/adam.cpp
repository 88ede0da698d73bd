// Adam: adaptive moment estimation (Kingma and Ba, arXiv 1412.6980).
//
//   m_t = beta1 m_{t-1} + (1 - beta1) g        mHat = m_t / (1 - beta1^t)
//   v_t = beta2 v_{t-1} + (1 - beta2) g^2      vHat = v_t / (1 - beta2^t)
//   p  <- p - lr mHat / (sqrt(vHat) + eps)
//
// with g = gradient + weightDecay p (coupled; adamw.cpp has the decoupled form, and so has `decoupledWeightDecay`).
// p, g, m, v: the arena. Defaults: lr 1e-3, betas [0.9, 0.999], eps 1e-8, weightDecay 0, amsgrad false.
// Convention: torch.optim.Adam (eps after the bias correction), as the paper's algorithm 1 and the source document.
// `amsgrad` (Reddi, Kale and Kumar 2018): the denominator takes the running maximum of v, then corrects it for bias
// (optax.amsgrad takes the maximum of the corrected vHat: another path).
// State: two Reals a parameter, three with amsgrad.
#include "optim/adam.hpp"

#include <cmath>

#include "optim/elementwise.hpp"
#include "optim/hyperparameters.hpp"
#include "optim/moments.hpp"

namespace trainlint {
namespace {

template <class Real>
class Adam final : public Elementwise<Real> {
 public:
  Adam(const ParameterLayout& layout, const MomentSettings& settings, bool amsgrad)
      : Elementwise<Real>(layout, amsgrad ? 3 : 2, settings.weightDecay), settings_(settings), amsgrad_(amsgrad) {}

 private:
  void beginStep(double lr) override {
    lr_ = lr;
    const BiasCorrection correction = settings_.correctionAt(this->time_);
    stepSize_ = lr / correction.first;
    rootCorrection_ = 1 / std::sqrt(correction.second);
  }

  void update(Real* params, const Real* grads, const Range& range, double weightDecay) override {
    const AdamScalars<Real> scalars{settings_.scalars<Real>(lr_, weightDecay), Real(stepSize_), Real(rootCorrection_)};
    Real* m = this->buffer(0, range);
    Real* v = this->buffer(1, range);
    if (amsgrad_)
      this->loops_.amsgrad(params, grads, m, v, this->buffer(2, range), range.size, scalars);
    else
      this->loops_.adam(params, grads, m, v, range.size, scalars);
  }

  const MomentSettings settings_;
  const bool amsgrad_;
  double lr_ = 0, stepSize_ = 0, rootCorrection_ = 0;
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeAdamWith(const OptimizerSpec& spec, const ParameterLayout& layout, double weightDecay,
                                    bool decoupled) {
  Hyperparameters reader(spec);
  reader.learningRate(1e-3);
  const MomentSettings settings = readMoments(reader, {.weightDecay = weightDecay, .decoupled = decoupled});
  const bool amsgrad = reader.flag("amsgrad", false);
  reader.finish();
  return std::make_unique<Adam<Real>>(layout, settings, amsgrad);
}

template <class Real>
OptimizerPointer<Real> makeAdam(const OptimizerSpec& spec, const ParameterLayout& layout) {
  return makeAdamWith<Real>(spec, layout, 0, false);
}

TRAINLINT_INSTANTIATE_MAKER(makeAdam)
template OptimizerPointer<float> makeAdamWith<float>(const OptimizerSpec&, const ParameterLayout&, double, bool);
#if TRAINLINT_FLOAT64
template OptimizerPointer<double> makeAdamWith<double>(const OptimizerSpec&, const ParameterLayout&, double, bool);
#endif

}  // namespace trainlint
