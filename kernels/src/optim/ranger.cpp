// Ranger: gradient centralization (Yong et al., arXiv 2004.01461), then RAdam, inside Lookahead
// (lessw2020/Ranger-Deep-Learning-Optimizer, ranger/ranger.py 20.4.11, the class that its package exports).
//
//   g <- g - mean(g)       per output unit: the mean over all dimensions but the first, tensors of two or more
//                          dimensions only (of four or more with convolutionsOnly)
//   RAdam with rectifyThreshold 5 and decoupled weight decay;  every k steps Lookahead: slow += alpha (p - slow)
//
// p, g: tensors of any shape. Defaults: lr 1e-3, betas [0.95, 0.999], eps 1e-5, k 6, alpha 0.5, weightDecay 0,
// gradientCentralization true, rectifyThreshold 5. The file ranger2020.py beside it (2020.9.4) is the same without weight
// decay; with it, it scales the decay by RAdam's step size too. `ranger(adamw)` puts another base, with its own
// defaults, in RAdam's place. Not in the source document. State: one Real a parameter beside the base's two.
#include <algorithm>

#include "failure/failure.hpp"
#include "optim/hyperparameters.hpp"
#include "optim/wrapper.hpp"
#include "optim/wrapping.hpp"

namespace trainlint {
namespace {

/// Hands centralized gradients on to the optimizer inside: some rows at a time where that steps by pieces, so that
/// they are still in cache, else all at once.
template <class Real>
class Centralized final : public Wrapper<Real> {
 public:
  Centralized(const ParameterLayout& layout, OptimizerPointer<Real> base, int fewestDimensions)
      : Wrapper<Real>(layout, std::move(base)),
        segments_(layout.segments),
        pieces_(separateSegments(layout)),
        fewestDimensions_(fewestDimensions),
        centered_(this->base_->pieces() ? kPiece : layout.total) {}

  void step(Real* params, const Real* grads, double lr) override {
    Piecewise<Real>* inside = this->base_->pieces();
    if (inside) inside->beginPieces(params, lr);
    for (size_t index = 0; index < segments_.size(); index++) {
      const Segment& segment = segments_[index];
      if (segment.size == 0) continue;
      const Real* g = grads + segment.offset;
      if (inside)
        stepSegment(*inside, params, g, segment, pieces_[index]);
      else if (isCentered(segment))
        this->loops_.centerRows(centered_.data() + segment.offset, g, rowsOf(segment), segment.size / rowsOf(segment));
      else
        std::copy_n(g, segment.size, centered_.data() + segment.offset);
    }
    if (!inside) this->base_->step(params, centered_.data(), lr);
  }

  size_t stateBytes() const override { return this->base_->stateBytes(); }
  std::vector<Real> saveState() const override { return this->base_->saveState(); }
  void loadState(const std::vector<Real>& state) override { this->base_->loadState(state); }

 private:
  static constexpr size_t kPiece = 1024;

  bool isCentered(const Segment& segment) const { return segment.ndim >= fewestDimensions_; }
  static size_t rowsOf(const Segment& segment) { return static_cast<size_t>(segment.shape[0]); }

  void stepSegment(Piecewise<Real>& inside, Real* params, const Real* g, const Segment& segment, const Range& range) {
    if (!isCentered(segment)) {
      inside.stepPiece(params, g, range);
      return;
    }
    const size_t rows = rowsOf(segment), width = segment.size / rows;
    const auto stepCentered = [&](size_t start, size_t size) {
      inside.stepPiece(params, centered_.data(), {range.offset + start, range.state + start, size, range.decay});
    };
    if (width > kPiece) {
      for (size_t row = 0; row < rows; row++) {
        const size_t first = row * width;
        const Real mean = Real(this->loops_.sum(g + first, width) / static_cast<double>(width));
        for (size_t done = 0; done < width; done += kPiece) {
          const size_t here = std::min(kPiece, width - done);
          this->loops_.subtract(centered_.data(), g + first + done, mean, here);
          stepCentered(first + done, here);
        }
      }
      return;
    }
    const size_t together = kPiece / width;
    for (size_t row = 0; row < rows; row += together) {
      const size_t here = std::min(together, rows - row);
      this->loops_.centerRows(centered_.data(), g + row * width, here, width);
      stepCentered(row * width, here * width);
    }
  }

  const std::vector<Segment> segments_;
  const std::vector<Range> pieces_;
  const int fewestDimensions_;
  AlignedArray<Real> centered_;  // scratch
};

constexpr std::initializer_list<const char*> kOwn = {"k", "alpha", "gradientCentralization", "convolutionsOnly"};

// RAdam with Ranger's defaults, unless another base is given.
OptimizerSpec innerSpec(const OptimizerSpec& spec) {
  if (spec.base) return baseSpecOf(spec, kOwn);
  OptimizerSpec radam = spec;
  radam.base = Shared<OptimizerSpec>::make();
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
  if (base->needsClosure()) refuse("ranger takes a base that steps on gradients alone");
  auto inner = wrapLookahead<Real>(std::move(base), layout, static_cast<int64_t>(k), alpha);
  if (!centralized) return inner;
  return std::make_unique<Centralized<Real>>(layout, std::move(inner), convolutionsOnly ? 4 : 2);
}

TRAINLINT_INSTANTIATE_MAKER(makeRanger)

}  // namespace trainlint
