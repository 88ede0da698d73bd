// NAdam: Adam with Nesterov momentum (Dozat, ICLR workshop 2016).
//
//   mu_t = beta1 (1 - 0.5 * 0.96^(t momentumDecay)),   M_t = mu_1 mu_2 ... mu_t
//   m_t  = beta1 m_{t-1} + (1 - beta1) g               v_t = beta2 v_{t-1} + (1 - beta2) g^2
//   d    = sqrt(v_t / (1 - beta2^t)) + eps
//   p   <- p - lr (1 - mu_t) / (1 - M_t) g / d - lr mu_{t+1} / (1 - M_t mu_{t+1}) m_t / d
//
// with g = gradient + weightDecay p; `decoupledWeightDecay` shrinks p by 1 - lr weightDecay first instead. p, g, m, v:
// the arena. Defaults: lr 2e-3, betas [0.9, 0.999], eps 1e-8, weightDecay 0, momentumDecay 4e-3.
// Convention: torch.optim.NAdam (2.x; 1.13 multiplied M_t by mu_t twice). PyTorch keeps M_t in its default dtype, so
// M_t is a Real here: in float32 the rounding is worth 1e-7. Float64 parameters under PyTorch's default dtype float32
// carry that 1e-7 too (1e-10 to 1e-7 of the first step, more where the path is unstable): compare float64 runs under
// torch.set_default_dtype(torch.float64), where they agree to 1e-12.
// Option `schedule: 'none'` (optax.nadam, Keras): p - lr (beta1 m_t / (1 - beta1^(t+1)) + (1 - beta1) g / (1 - beta1^t)) / d.
// State: two Reals a parameter and M_t.
#include <cmath>

#include "optim/elementwise.hpp"
#include "optim/factories.hpp"
#include "optim/moments.hpp"

namespace trainlint {
namespace {

template <class Real>
class Nadam final : public Elementwise<Real> {
 public:
  Nadam(const ParameterLayout& layout, const MomentSettings& settings, double momentumDecay, bool scheduled)
      : Elementwise<Real>(layout, 2, settings.weightDecay),
        settings_(settings),
        momentumDecay_(momentumDecay),
        scheduled_(scheduled) {}

 private:
  double momentumAt(int64_t time) const {
    return settings_.beta1 * (1 - 0.5 * realPower(0.96, static_cast<double>(time) * momentumDecay_));
  }

  void beginStep(double lr) override {
    lr_ = lr;
    const BiasCorrection correction = settings_.correctionAt(this->time_);
    rootCorrection_ = 1 / std::sqrt(correction.second);
    if (!scheduled_) {
      gradientStep_ = lr * (1 - settings_.beta1) / correction.first;
      momentStep_ = lr * settings_.beta1 / settings_.correctionAt(this->time_ + 1).first;
      return;
    }
    const double now = momentumAt(this->time_), next = momentumAt(this->time_ + 1);
    product_ = double(Real(product_) * Real(now));
    gradientStep_ = lr * (1 - now) / (1 - product_);
    momentStep_ = lr * next / (1 - product_ * next);
  }

  void update(Real* params, const Real* grads, const Range& range, double weightDecay) override {
    this->loops_.nadam(params, grads, this->buffer(0, range), this->buffer(1, range), range.size,
                       {settings_.scalars<Real>(lr_, weightDecay), Real(rootCorrection_), Real(gradientStep_),
                        Real(momentStep_)});
  }

  void saveScalars(StateWriter<Real>& writer) const override { writer.scalar(product_); }
  void loadScalars(StateReader<Real>& reader) override { product_ = reader.scalar(); }

  const MomentSettings settings_;
  const double momentumDecay_;
  const bool scheduled_;
  double product_ = 1;
  double lr_ = 0, rootCorrection_ = 0, gradientStep_ = 0, momentStep_ = 0;
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeNadam(const OptimizerSpec& spec, const ParameterLayout& layout) {
  Hyperparameters reader(spec);
  reader.learningRate(2e-3);
  const MomentSettings settings = readMoments(reader, {});
  const double momentumDecay = reader.number("momentumDecay", 4e-3);
  Hyperparameters::require(momentumDecay >= 0, "Invalid momentum_decay value", momentumDecay);
  const bool scheduled = reader.word("schedule", "dozat", {"dozat", "none"}) == "dozat";
  reader.finish();
  return std::make_unique<Nadam<Real>>(layout, settings, momentumDecay, scheduled);
}

TRAINLINT_INSTANTIATE_MAKER(makeNadam)

}  // namespace trainlint
