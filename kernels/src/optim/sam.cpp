// SAM: sharpness-aware minimization (Foret et al., arXiv 2010.01412) around any base optimizer; adaptive: ASAM (Kwon
// et al., arXiv 2102.11600).
//
//   e = rho g / (||g|| + 1e-12)                     adaptive: e = rho p^2 g / (|| |p| g || + 1e-12)
//   g' = gradient at p + e, on the same batch;  the base updates p (not p + e) with g'
//
// p, g: the arena; the norm is Euclidean over all parameters. Defaults: rho 0.05 (2 is usual with adaptive), adaptive
// false. Convention: davda54/sam. Written `sam(sgd-momentum)`; not in the source document.
// Needs a closure: `stepWithClosure` takes the gradient at p in `grads` and evaluates once more. State: one Real a
// parameter (p while the gradient at p + e is taken) beside the base's.
#include <algorithm>
#include <cmath>

#include "failure/failure.hpp"
#include "optim/hyperparameters.hpp"
#include "optim/wrapper.hpp"
#include "optim/wrapping.hpp"

namespace trainlint {
namespace {

template <class Real>
class Sam final : public Wrapper<Real> {
 public:
  Sam(const ParameterLayout& layout, OptimizerPointer<Real> base, double rho, bool adaptive)
      : Wrapper<Real>(layout, std::move(base)), rho_(rho), adaptive_(adaptive), kept_(elementCount(layout)) {}

  bool needsClosure() const override { return true; }

  void step(Real*, const Real*, double) override {
    refuse("sam takes a second gradient: give step a closure that evaluates the loss");
  }

  void stepWithClosure(Real* params, Real* grads, double, double lr, Closure<Real>& closure) override {
    const double scale = rho_ / (gradientNorm(params, grads) + 1e-12);
    for (const Range& range : this->ranges_) {
      std::copy_n(params + range.offset, range.size, kept_.data() + range.state);
      this->loops_.ascend(params + range.offset, grads + range.offset, Real(scale), adaptive_, range.size);
    }
    closure.evaluate(params, grads);
    for (const Range& range : this->ranges_)
      std::copy_n(kept_.data() + range.state, range.size, params + range.offset);
    this->base_->step(params, grads, lr);
  }

  size_t stateBytes() const override { return kept_.bytes() + this->base_->stateBytes(); }
  std::vector<Real> saveState() const override { return this->base_->saveState(); }
  void loadState(const std::vector<Real>& state) override { this->base_->loadState(state); }

 private:
  double gradientNorm(const Real* params, const Real* grads) const {
    double squares = 0;
    for (const Range& range : this->ranges_) {
      const Real* g = grads + range.offset;
      squares += adaptive_ ? this->loops_.sumSquaredProducts(params + range.offset, g, range.size)
                           : this->loops_.sumSquares(g, range.size);
    }
    return std::sqrt(squares);
  }

  const double rho_;
  const bool adaptive_;
  AlignedArray<Real> kept_;
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeSam(const OptimizerSpec& spec, const ParameterLayout& layout) {
  const OptimizerSpec own = ownSpecOf(spec, {"rho", "adaptive"});
  Hyperparameters reader(own);
  const double rho = reader.number("rho", 0.05);
  Hyperparameters::require(rho >= 0, "Invalid rho, should be non-negative", rho);
  const bool adaptive = reader.flag("adaptive", false);
  reader.finish();
  auto base = createOptimizer<Real>(baseSpecOf(spec, {"rho", "adaptive"}), layout);
  if (base->needsClosure())
    refuse("sam hands its base one gradient, taken beside the parameters: it takes no base that "
                                "evaluates the loss itself, as lbfgs, newton and sam do");
  return std::make_unique<Sam<Real>>(layout, std::move(base), rho, adaptive);
}

TRAINLINT_INSTANTIATE_MAKER(makeSam)

}  // namespace trainlint
