// SGD: stochastic gradient descent (Robbins and Monro 1951).
//
//   p <- p - lr (g + weightDecay p)
//
// p, g: the arena, any shape. Defaults: lr 1e-2, momentum 0, dampening 0, weightDecay 0 (coupled: added to the
// gradient), nesterov false. Convention: torch.optim.SGD; the source document's form is the same.
// State: none. A momentum other than 0 makes it `sgd-momentum` (sgd_momentum.cpp), `nesterov` makes it `nag` (nag.cpp).
#include "optim/elementwise.hpp"
#include "optim/factories.hpp"
#include "optim/hyperparameters.hpp"

namespace trainlint {
namespace {

template <class Real>
class Sgd final : public Elementwise<Real> {
 public:
  Sgd(const ParameterLayout& layout, double weightDecay) : Elementwise<Real>(layout, 0, weightDecay) {}

 private:
  void beginStep(double lr) override { lr_ = lr; }
  void update(Real* params, const Real* grads, const Range& range, double weightDecay) override {
    this->loops_.sgd(params, grads, range.size, {Real(lr_), Real(weightDecay)});
  }

  double lr_ = 0;
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeSgd(const OptimizerSpec& spec, const ParameterLayout& layout) {
  Hyperparameters reader(spec);
  reader.learningRate(1e-2);
  const double momentum = reader.momentum(spec.kind == "sgd-momentum" ? 0.9 : 0);
  reader.number("dampening", 0);
  const bool nesterov = reader.flag("nesterov", false);
  reader.flag("lrInVelocity", false);
  const double weightDecay = reader.weightDecay();
  reader.finish();
  if (nesterov) return makeNag<Real>(spec, layout);
  if (momentum != 0) return makeSgdMomentum<Real>(spec, layout);
  return std::make_unique<Sgd<Real>>(layout, weightDecay);
}

TRAINLINT_INSTANTIATE_MAKER(makeSgd)

}  // namespace trainlint
