// LAMB: layer-wise adaptive moments for batch training (You et al., arXiv 1904.00962).
//
//   m, v as Adam,   u = mHat / (sqrt(vHat) + eps) + weightDecay p
//   p <- p - lr ||p|| / ||u|| u         per tensor; the ratio is 1 where either norm is 0
//
// p, g, m, v: the arena; norms are Euclidean over one tensor (segment). Defaults: lr 1e-3, betas [0.9, 0.999],
// eps 1e-6, weightDecay 0. `form`:
//   `paper` (default; also `optax`): optax.lamb, the formula above, which is the source document's too;
//   `nvlamb`: NVIDIA's: all gradients are first scaled to a global norm of at most maxGradNorm (1.0);
//   `apex`: as nvlamb, but tensors without weight decay keep the ratio 1 (FusedLAMB with use_nvlamb=False);
//   `v3`: the paper's third version: no bias correction, ||p|| cut at normClamp (10).
// `trustClip` (timm's LAMBC, default false): the ratio is at most 1. `decoupledWeightDecay` (timm's decoupled_decay,
// default false): p shrinks by 1 - lr weightDecay before the norms are taken, and u is without the last term.
// State: two Reals a parameter.
#include <algorithm>
#include <cmath>

#include "optim/elementwise.hpp"
#include "optim/factories.hpp"
#include "optim/moments.hpp"

namespace trainlint {
namespace {

struct LambSettings {
  MomentSettings moments;
  bool biasCorrected, ratioNeedsDecay, trustClip;
  double maxGradNorm, normClamp;  // 0: none
};

template <class Real>
class Lamb final : public Optimizer<Real> {
 public:
  Lamb(const ParameterLayout& layout, const LambSettings& settings)
      : loops_(optimLoops<Real>()),
        ranges_(separateSegments(layout)),
        settings_(settings),
        m_(elementCount(layout)),
        v_(elementCount(layout)),
        kept_(std::min(kKept, m_.size())) {}

  void step(Real* params, const Real* grads, double lr) override {
    ++time_;
    const MomentSettings& moments = settings_.moments;
    const BiasCorrection correction =
        settings_.biasCorrected ? moments.correctionAt(time_) : BiasCorrection{1, 1};
    const double scale = gradientScale(grads);
    for (const Range& range : ranges_) {
      const double weightDecay = range.decay ? moments.weightDecay : 0;
      LambScalars<Real> scalars{moments.scalars<Real>(lr, 0), Real(scale), Real(1 / correction.first),
                                Real(1 / std::sqrt(correction.second))};
      scalars.moments.weightDecay = moments.decoupled ? Real(0) : Real(weightDecay);
      Real* p = params + range.offset;
      if (moments.decoupled && weightDecay != 0) loops_.scale(p, Real(1 - lr * weightDecay), range.size);
      Real* m = m_.data() + range.state;
      Real* v = v_.data() + range.state;
      Real* update = range.size <= kKept ? kept_.data() : nullptr;
      double squares[2];
      loops_.lambMoments(update, p, grads + range.offset, m, v, range.size, scalars, squares);
      if (!inRange(squares[0])) squares[0] = loops_.sumSquares(p, range.size);
      if (update && !inRange(squares[1])) squares[1] = loops_.sumSquares(update, range.size);
      const double ratio = settings_.ratioNeedsDecay && weightDecay == 0 ? 1 : trustRatio(squares[0], squares[1]);
      if (update)
        loops_.axpy(p, Real(-lr * ratio), update, range.size);
      else
        loops_.lambApply(p, m, v, Real(-lr * ratio), range.size, scalars);
    }
  }

  size_t stateBytes() const override { return m_.bytes() + v_.bytes(); }

  std::vector<Real> saveState() const override {
    StateWriter<Real> writer;
    writer.count(time_);
    writer.array(m_);
    writer.array(v_);
    return writer.take();
  }

  void loadState(const std::vector<Real>& state) override {
    StateReader<Real> reader(state);
    time_ = reader.count();
    reader.array(m_);
    reader.array(v_);
    reader.finish();
  }

 private:
  double gradientScale(const Real* grads) const {
    if (settings_.maxGradNorm == 0) return 1;
    double squares = 0;
    for (const Range& range : ranges_) squares += loops_.sumSquares(grads + range.offset, range.size);
    const double norm = std::sqrt(squares);
    return norm > settings_.maxGradNorm ? settings_.maxGradNorm / norm : 1;
  }

  // Whether the squares behind a sum kept their precision in float32; else they are summed again in double.
  static bool inRange(double squares) { return squares > 1e-30 && squares < 1e37; }

  double trustRatio(double parameterSquares, double updateSquares) const {
    double norm = std::sqrt(parameterSquares);
    if (settings_.normClamp > 0 && norm > settings_.normClamp) norm = settings_.normClamp;
    const double updateNorm = std::sqrt(updateSquares);
    const double ratio = norm == 0 || updateNorm == 0 ? 1 : norm / updateNorm;
    return settings_.trustClip && ratio > 1 ? 1 : ratio;
  }

  // Elements of which the update stays in the second cache until its norm is known.
  static constexpr size_t kKept = 32768;

  const OptimLoops<Real>& loops_;
  const std::vector<Range> ranges_;
  const LambSettings settings_;
  AlignedArray<Real> m_, v_;
  AlignedArray<Real> kept_;  // scratch
  int64_t time_ = 0;
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeLamb(const OptimizerSpec& spec, const ParameterLayout& layout) {
  Hyperparameters reader(spec);
  reader.learningRate(1e-3);
  LambSettings settings;
  settings.moments = readMoments(reader, {.eps = 1e-6});
  const std::string form = reader.word("form", "paper", {"paper", "optax", "nvlamb", "apex", "v3"});
  const bool scaled = form == "nvlamb" || form == "apex";
  settings.biasCorrected = reader.flag("biasCorrection", form != "v3");
  settings.ratioNeedsDecay = form == "apex";
  settings.trustClip = reader.flag("trustClip", false);
  settings.maxGradNorm = reader.number("maxGradNorm", scaled ? 1 : 0);
  Hyperparameters::require(settings.maxGradNorm >= 0, "Invalid maxGradNorm", settings.maxGradNorm);
  settings.normClamp = reader.number("normClamp", form == "v3" ? 10 : 0);
  Hyperparameters::require(settings.normClamp >= 0, "Invalid clamp value", settings.normClamp);
  reader.finish();
  return std::make_unique<Lamb<Real>>(layout, settings);
}

TRAINLINT_INSTANTIATE_MAKER(makeLamb)

}  // namespace trainlint
