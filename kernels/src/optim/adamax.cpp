// AdaMax: Adam with the infinity norm (Kingma and Ba, arXiv 1412.6980, section 7.1).
//
//   m_t = beta1 m_{t-1} + (1 - beta1) g
//   u_t = max(beta2 u_{t-1}, |g| + eps)
//   p  <- p - lr / (1 - beta1^t) m_t / u_t
//
// with g = gradient + weightDecay p (coupled). p, g, m, u: the arena. Defaults: lr 2e-3, betas [0.9, 0.999], eps 1e-8,
// weightDecay 0. Convention: torch.optim.Adamax: eps stands inside the maximum (the paper has none), and only m is
// corrected for bias. State: two Reals a parameter.
#include "optim/elementwise.hpp"
#include "optim/factories.hpp"
#include "optim/moments.hpp"

namespace trainlint {
namespace {

template <class Real>
class Adamax final : public Elementwise<Real> {
 public:
  Adamax(const ParameterLayout& layout, const MomentSettings& settings)
      : Elementwise<Real>(layout, 2, settings.weightDecay), settings_(settings) {}

 private:
  void beginStep(double lr) override {
    lr_ = lr;
    stepSize_ = lr / settings_.correctionAt(this->time_).first;
  }

  void update(Real* params, const Real* grads, const Range& range, double weightDecay) override {
    this->loops_.adamax(params, grads, this->buffer(0, range), this->buffer(1, range), range.size,
                        {settings_.scalars<Real>(lr_, weightDecay), Real(stepSize_)});
  }

  const MomentSettings settings_;
  double lr_ = 0, stepSize_ = 0;
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeAdamax(const OptimizerSpec& spec, const ParameterLayout& layout) {
  Hyperparameters reader(spec);
  reader.learningRate(2e-3);
  const MomentSettings settings = readMoments(reader, {});
  reader.finish();
  return std::make_unique<Adamax<Real>>(layout, settings);
}

TRAINLINT_INSTANTIATE_MAKER(makeAdamax)

}  // namespace trainlint
