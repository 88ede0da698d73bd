// Ranger: gradient centralization (Yong et al., arXiv 2004.01461), then RAdam, inside Lookahead
// (lessw2020/Ranger-Deep-Learning-Optimizer, ranger/ranger.py 20.4.11, the class that its package exports).
//
//   g <- g - mean(g)       per output unit: the mean over all dimensions but the first, tensors of two or more
//                          dimensions only (of four or more with convolutionsOnly)
//   RAdam with rectifyThreshold 5 and decoupled weight decay;  every k steps Lookahead: slow += alpha (p - slow)
//
// p, g: tensors of any shape. Defaults: lr 1e-3, betas [0.95, 0.999], eps 1e-5, k 6, alpha 0.5, weightDecay 0,
// gradientCentralization true, rectifyThreshold 5. The file ranger2020.py beside it (2020.9.4) is the same without weight
// decay; with it, it scales the decay by RAdam's step size too. `ranger(adamw)` puts another base, with its own defaults, in RAdam's
// place. Not in the source document. State: one Real a parameter beside the base's two.
#include <algorithm>
#include <stdexcept>

#include "optim/hyperparameters.hpp"
#include "optim/wrapper.hpp"
#include "optim/wrapping.hpp"

namespace trainlint {
namespace {

/// Hands centralized gradients on to the optimizer inside.
template <class Real>
class Centralized final : public Wrapper<Real> {
 public:
  Centralized(const ParameterLayout& layout, OptimizerPointer<Real> base, int fewestDimensions)
      : Wrapper<Real>(layout, std::move(base)),
        segments_(layout.segments),
        fewestDimensions_(fewestDimensions),
        centered_(layout.total) {}

  void step(Real* params, const Real* grads, double lr) override {
    for (const Segment& segment : segments_) {
      Real* g = centered_.data() + segment.offset;
      if (segment.ndim < fewestDimensions_ || segment.size == 0) {
        std::copy_n(grads + segment.offset, segment.size, g);
        continue;
      }
      const size_t units = static_cast<size_t>(segment.shape[0]), width = segment.size / units;
      for (size_t unit = 0; unit < units; unit++)
        this->loops_.center(g + unit * width, grads + segment.offset + unit * width, width);
    }
    this->base_->step(params, centered_.data(), lr);
  }

  size_t stateBytes() const override { return this->base_->stateBytes(); }
  std::vector<Real> saveState() const override { return this->base_->saveState(); }
  void loadState(const std::vector<Real>& state) override { this->base_->loadState(state); }

 private:
  const std::vector<Segment> segments_;
  const int fewestDimensions_;
  AlignedArray<Real> centered_;  // scratch
};

constexpr std::initializer_list<const char*> kOwn = {"k", "alpha", "gradientCentralization", "convolutionsOnly"};

// RAdam with Ranger's defaults, unless another base is given.
OptimizerSpec innerSpec(const OptimizerSpec& spec) {
  if (spec.base) return baseSpecOf(spec, kOwn);
  OptimizerSpec radam = spec;
  radam.base = std::make_shared<OptimizerSpec>();
  radam.base->kind = "radam";
  OptimizerSpec inner = baseSpecOf(radam, kOwn);
  inner.lists.insert({"betas", {0.95, 0.999}});
  inner.numbers.insert({"eps", 1e-5});
  inner.flags.insert({"decoupledWeightDecay", true});
  return inner;
}

}  // namespace

template <class Real>
OptimizerPointer<Real> makeRanger(const OptimizerSpec& spec, const ParameterLayout& layout) {
  const OptimizerSpec own = ownSpecOf(spec, kOwn);
  Hyperparameters reader(own);
  const double k = reader.number("k", 6);
  Hyperparameters::require(k >= 1, "Invalid lookahead steps", k);
  const double alpha = reader.number("alpha", 0.5);
  Hyperparameters::require(alpha >= 0 && alpha <= 1, "Invalid slow update rate", alpha);
  const bool centralized = reader.flag("gradientCentralization", true);
  const bool convolutionsOnly = reader.flag("convolutionsOnly", false);
  reader.finish();
  auto base = createOptimizer<Real>(innerSpec(spec), layout);
  if (base->needsClosure()) throw std::invalid_argument("ranger takes a base that steps on gradients alone");
  auto inner = wrapLookahead<Real>(std::move(base), layout, static_cast<int64_t>(k), alpha);
  if (!centralized) return inner;
  return std::make_unique<Centralized<Real>>(layout, std::move(inner), convolutionsOnly ? 4 : 2);
}

TRAINLINT_INSTANTIATE_MAKER(makeRanger)

}  // namespace trainlint
