// Adagrad: adaptive subgradient (Duchi, Hazan and Singer, JMLR 2011).
//
//   G_t = G_{t-1} + g^2
//   p  <- p - lr_t g / (sqrt(G_t) + eps),   lr_t = lr / (1 + (t - 1) lrDecay)
//
// with g = gradient + weightDecay p (coupled). p, g, G: the arena. Defaults: lr 1e-2, lrDecay 0, weightDecay 0,
// initialAccumulatorValue 0, eps 1e-10. Convention: torch.optim.Adagrad (eps outside the root).
// Option `epsInsideRoot`: p - lr g / sqrt(G + eps), as the source document, optax and TensorFlow write it; optax starts
// with initialAccumulatorValue 0.1 and eps 1e-7. An element that never saw a gradient does not move in either form.
// State: one Real a parameter.
#include "optim/elementwise.hpp"
#include "optim/factories.hpp"
#include "optim/hyperparameters.hpp"

#include <algorithm>

namespace trainlint {
namespace {

template <class Real>
class Adagrad final : public Elementwise<Real> {
 public:
  Adagrad(const ParameterLayout& layout, double lrDecay, double initial, double eps, double weightDecay, bool inside)
      : Elementwise<Real>(layout, 1, weightDecay), lrDecay_(lrDecay), eps_(eps), inside_(inside) {
    auto& sum = this->buffers_[0];
    std::fill_n(sum.data(), sum.size(), Real(initial));
  }

 private:
  void beginStep(double lr) override { lr_ = lr / (1 + static_cast<double>(this->time_ - 1) * lrDecay_); }

  void update(Real* params, const Real* grads, const Range& range, double weightDecay) override {
    const auto loop = inside_ ? this->loops_.adagradInside : this->loops_.adagrad;
    loop(params, grads, this->buffer(0, range), range.size, {Real(lr_), Real(weightDecay), Real(eps_)});
  }

  const double lrDecay_, eps_;
  const bool inside_;
  double lr_ = 0;
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeAdagrad(const OptimizerSpec& spec, const ParameterLayout& layout) {
  Hyperparameters reader(spec);
  reader.learningRate(1e-2);
  const double lrDecay = reader.number("lrDecay", 0);
  Hyperparameters::require(lrDecay >= 0, "Invalid lr_decay value", lrDecay);
  const double weightDecay = reader.weightDecay();
  const double initial = reader.number("initialAccumulatorValue", 0);
  Hyperparameters::require(initial >= 0, "Invalid initial_accumulator_value value", initial);
  const double eps = reader.epsilon(1e-10);
  const bool inside = reader.flag("epsInsideRoot", false);
  reader.finish();
  return std::make_unique<Adagrad<Real>>(layout, lrDecay, initial, eps, weightDecay, inside);
}

TRAINLINT_INSTANTIATE_MAKER(makeAdagrad)

}  // namespace trainlint
