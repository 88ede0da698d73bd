// Ascent: any base on the gradient with its sign turned, as `maximize` of torch.optim's constructors (and SophiaG's):
// weight decay still pulls towards 0. The curvature that Sophia is given is not turned.
#include "optim/maximize.hpp"

#include <utility>

#include "optim/wrapper.hpp"

namespace trainlint {
namespace {

template <class Real>
class Maximizing final : public Wrapper<Real> {
 public:
  Maximizing(const ParameterLayout& layout, OptimizerPointer<Real> base)
      : Wrapper<Real>(layout, std::move(base)), turned_(layout.total) {}

  void step(Real* params, const Real* grads, double lr) override {
    for (const Range& range : this->ranges_)
      for (size_t i = range.offset; i < range.offset + range.size; i++) turned_[i] = -grads[i];
    this->base_->step(params, turned_.data(), lr);
  }

  size_t stateBytes() const override { return this->base_->stateBytes(); }
  std::vector<Real> saveState() const override { return this->base_->saveState(); }
  void loadState(const std::vector<Real>& state) override { this->base_->loadState(state); }

 private:
  AlignedArray<Real> turned_;  // scratch
};

}  // namespace

bool knowsMaximize(const OptimizerSpec& spec) {
  for (const char* kind : {"sgd", "sgd-momentum", "nag", "adagrad", "rmsprop", "adam", "adamw", "adamax", "nadam", "radam",
                           "adafactor", "sophia"})
    if (spec.kind == kind) return true;
  return false;
}

template <class Real>
OptimizerPointer<Real> makeMaximizing(const OptimizerSpec& spec, const ParameterLayout& layout) {
  OptimizerSpec minimizing = spec;
  const bool maximize = minimizing.flags["maximize"];
  minimizing.flags.erase("maximize");
  auto base = createOptimizer<Real>(minimizing, layout);
  if (!maximize) return base;
  return std::make_unique<Maximizing<Real>>(layout, std::move(base));
}

TRAINLINT_INSTANTIATE_MAKER(makeMaximizing)

}  // namespace trainlint
