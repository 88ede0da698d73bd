// NAG: Nesterov's accelerated gradient (Nesterov 1983; Sutskever et al. 2013).
//
//   v_t = momentum v_{t-1} + g_t
//   p  <- p - lr (g_t + momentum v_t)
//
// with g = gradient + weightDecay p (coupled). p, g, v: the arena. Defaults: lr 1e-2, momentum 0.9, weightDecay 0;
// dampening must be 0. Convention: torch.optim.SGD with nesterov=True: the parameters are the look-ahead point itself.
// The source document takes the gradient at the point momentum v ahead and moves the other point: the same path after
// the change of variable p = theta - lr momentum v. Option `lrInVelocity` (Keras): v = momentum v - lr g,
// p <- p + momentum v - lr g; the same path while lr is constant.
// State: one Real a parameter.

#include "failure/failure.hpp"
#include "optim/elementwise.hpp"
#include "optim/factories.hpp"
#include "optim/hyperparameters.hpp"

namespace trainlint {
namespace {

template <class Real>
class Nag final : public Elementwise<Real> {
 public:
  Nag(const ParameterLayout& layout, double momentum, double weightDecay, bool lrInVelocity)
      : Elementwise<Real>(layout, 1, weightDecay), momentum_(momentum), lrInVelocity_(lrInVelocity) {}

 private:
  void beginStep(double lr) override { lr_ = lr; }

  void update(Real* params, const Real* grads, const Range& range, double weightDecay) override {
    const MomentumScalars<Real> scalars{Real(lr_), Real(weightDecay), Real(momentum_), Real(1)};
    const auto loop = lrInVelocity_ ? this->loops_.nesterovScaled : this->loops_.nesterov;
    loop(params, grads, this->buffer(0, range), range.size, scalars);
  }

  const double momentum_;
  const bool lrInVelocity_;
  double lr_ = 0;
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeNag(const OptimizerSpec& spec, const ParameterLayout& layout) {
  Hyperparameters reader(spec);
  reader.learningRate(1e-2);
  const double momentum = reader.momentum(spec.kind == "sgd" ? 0 : 0.9);
  const double dampening = reader.number("dampening", 0);
  const bool lrInVelocity = reader.flag("lrInVelocity", false);
  const bool nesterov = reader.flag("nesterov", true);
  const double weightDecay = reader.weightDecay();
  reader.finish();
  if (!nesterov) refuse("nag is Nesterov's form: use sgd-momentum for nesterov=false");
  if (momentum <= 0 || dampening != 0)
    refuse("Nesterov momentum requires a momentum and zero dampening");
  return std::make_unique<Nag<Real>>(layout, momentum, weightDecay, lrInVelocity);
}

TRAINLINT_INSTANTIATE_MAKER(makeNag)

}  // namespace trainlint
