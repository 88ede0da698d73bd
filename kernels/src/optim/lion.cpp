// Lion: evolved sign momentum (Chen et al., arXiv 2302.06675).
//
//   p <- (1 - lr weightDecay) p
//   p <- p - lr sign(beta1 m_{t-1} + (1 - beta1) g)
//   m_t = beta2 m_{t-1} + (1 - beta2) g
//
// p, g, m: the arena. Defaults: lr 1e-4, betas [0.9, 0.99], weightDecay 0 (decoupled). Convention: google/automl
// lion_pytorch.py; sign(0) = 0, so an element without any gradient only decays; NaN stays NaN
// (torch.sign makes 0 of it). State: one Real a parameter.
#include "optim/elementwise.hpp"
#include "optim/factories.hpp"
#include "optim/hyperparameters.hpp"

namespace trainlint {
namespace {

template <class Real>
class Lion final : public Elementwise<Real> {
 public:
  Lion(const ParameterLayout& layout, double beta1, double beta2, double weightDecay)
      : Elementwise<Real>(layout, 1, weightDecay), beta1_(beta1), beta2_(beta2) {}

 private:
  void beginStep(double lr) override { lr_ = lr; }

  void update(Real* params, const Real* grads, const Range& range, double weightDecay) override {
    this->loops_.lion(params, grads, this->buffer(0, range), range.size,
                      {Real(lr_), Real(1 - lr_ * weightDecay), Real(beta1_), Real(1 - beta1_), Real(beta2_),
                       Real(1 - beta2_)});
  }

  const double beta1_, beta2_;
  double lr_ = 0;
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeLion(const OptimizerSpec& spec, const ParameterLayout& layout) {
  Hyperparameters reader(spec);
  reader.learningRate(1e-4);
  const std::vector<double> betas = reader.betas(0.9, 0.99);
  const double weightDecay = reader.weightDecay();
  reader.finish();
  return std::make_unique<Lion<Real>>(layout, betas[0], betas[1], weightDecay);
}

TRAINLINT_INSTANTIATE_MAKER(makeLion)

}  // namespace trainlint
