// SGD with momentum, the heavy ball (Polyak 1964; Sutskever et al. 2013).
//
//   v_1 = g_1,   v_t = momentum v_{t-1} + (1 - dampening) g_t
//   p <- p - lr v_t
//
// with g = gradient + weightDecay p (coupled). p, g, v: the arena. Defaults: lr 1e-2, momentum 0.9 (0 when the kind is
// `sgd`), dampening 0, weightDecay 0. Convention: torch.optim.SGD. Mind that the first velocity is g itself, not
// (1 - dampening) g, that without momentum there is no velocity to dampen, and that the learning rate stands outside
// the velocity: the source document writes it so too.
// Option `lrInVelocity` (Sutskever, Keras, TensorFlow): v = momentum v - lr g, p <- p + v. Both walk the same path
// while lr is constant and part during warmup and decay.
// State: one Real a parameter.

#include "failure/failure.hpp"
#include "optim/elementwise.hpp"
#include "optim/factories.hpp"
#include "optim/hyperparameters.hpp"

namespace trainlint {
namespace {

template <class Real>
class SgdMomentum final : public Elementwise<Real> {
 public:
  SgdMomentum(const ParameterLayout& layout, double momentum, double dampening, double weightDecay, bool lrInVelocity)
      : Elementwise<Real>(layout, 1, weightDecay),
        momentum_(momentum),
        dampening_(dampening),
        lrInVelocity_(lrInVelocity) {}

 private:
  void beginStep(double lr) override { lr_ = lr; }

  void update(Real* params, const Real* grads, const Range& range, double weightDecay) override {
    const bool first = this->time_ == 1;
    const MomentumScalars<Real> scalars{Real(lr_), Real(weightDecay), Real(momentum_),
                                        first ? Real(1) : Real(1 - dampening_)};
    const auto loop = lrInVelocity_ ? this->loops_.momentumScaled : this->loops_.momentum;
    loop(params, grads, this->buffer(0, range), range.size, scalars);
  }

  const double momentum_, dampening_;
  const bool lrInVelocity_;
  double lr_ = 0;
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeSgdMomentum(const OptimizerSpec& spec, const ParameterLayout& layout) {
  Hyperparameters reader(spec);
  reader.learningRate(1e-2);
  const double momentum = reader.momentum(0.9);
  const double dampening = reader.number("dampening", 0);
  const bool lrInVelocity = reader.flag("lrInVelocity", false);
  const bool nesterov = reader.flag("nesterov", false);
  const double weightDecay = reader.weightDecay();
  reader.finish();
  if (nesterov) return makeNag<Real>(spec, layout);
  if (momentum == 0) return makeSgd<Real>(spec, layout);
  if (lrInVelocity && dampening != 0) refuse("lrInVelocity requires zero dampening");
  return std::make_unique<SgdMomentum<Real>>(layout, momentum, dampening, weightDecay, lrInVelocity);
}

TRAINLINT_INSTANTIATE_MAKER(makeSgdMomentum)

}  // namespace trainlint
