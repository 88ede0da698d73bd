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
// State: two Reals a parameter.
#include <cmath>

#include "optim/factories.hpp"
#include "optim/moments.hpp"
#include "optim/tensorwise.hpp"

namespace trainlint {
namespace {

struct LambSettings {
  MomentSettings moments;
  bool biasCorrected, ratioNeedsDecay;
  double maxGradNorm, normClamp;  // 0: none
};

template <class Real>
class Lamb final : public Tensorwise<Real> {
 public:
  Lamb(const ParameterLayout& layout, const LambSettings& settings)
      : Tensorwise<Real>(layout), settings_(settings), m_(elementCount(layout)), v_(elementCount(layout)) {}

  void step(Real* params, const Real* grads, double lr) override {
    ++this->time_;
    const MomentSettings& moments = settings_.moments;
    const BiasCorrection correction =
        settings_.biasCorrected ? moments.correctionAt(this->time_) : BiasCorrection{1, 1};
    const double scale = gradientScale(grads);
    for (const Range& range : this->ranges_) {
      const double weightDecay = range.decay ? moments.weightDecay : 0;
      LambScalars<Real> scalars{moments.scalars<Real>(lr, 0), Real(scale), Real(1 / correction.first),
                                Real(1 / std::sqrt(correction.second))};
      scalars.moments.weightDecay = Real(weightDecay);
      Real* p = params + range.offset;
      Real* update = this->update_.data();
      double squares[2];
      this->loops_.lambUpdate(update, p, grads + range.offset, m_.data() + range.state, v_.data() + range.state,
                              range.size, scalars, squares);
      const double ratio = settings_.ratioNeedsDecay && weightDecay == 0 ? 1 : trustRatio(squares[0], squares[1]);
      this->loops_.axpy(p, Real(-lr * ratio), update, range.size);
    }
  }

  size_t stateBytes() const override { return m_.bytes() + v_.bytes(); }

  std::vector<Real> saveState() const override {
    StateWriter<Real> writer;
    writer.count(this->time_);
    writer.array(m_);
    writer.array(v_);
    return writer.take();
  }

  void loadState(const std::vector<Real>& state) override {
    StateReader<Real> reader(state);
    this->time_ = reader.count();
    reader.array(m_);
    reader.array(v_);
    reader.finish();
  }

 private:
  double gradientScale(const Real* grads) const {
    if (settings_.maxGradNorm == 0) return 1;
    double squares = 0;
    for (const Range& range : this->ranges_) squares += this->loops_.sumSquares(grads + range.offset, range.size);
    const double norm = std::sqrt(squares);
    return norm > settings_.maxGradNorm ? settings_.maxGradNorm / norm : 1;
  }

  double trustRatio(double parameterSquares, double updateSquares) const {
    double norm = std::sqrt(parameterSquares);
    if (settings_.normClamp > 0 && norm > settings_.normClamp) norm = settings_.normClamp;
    const double updateNorm = std::sqrt(updateSquares);
    return norm == 0 || updateNorm == 0 ? 1 : norm / updateNorm;
  }

  const LambSettings settings_;
  AlignedArray<Real> m_, v_;
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
  settings.maxGradNorm = reader.number("maxGradNorm", scaled ? 1 : 0);
  Hyperparameters::require(settings.maxGradNorm >= 0, "Invalid maxGradNorm", settings.maxGradNorm);
  settings.normClamp = reader.number("normClamp", form == "v3" ? 10 : 0);
  Hyperparameters::require(settings.normClamp >= 0, "Invalid clamp value", settings.normClamp);
  reader.finish();
  return std::make_unique<Lamb<Real>>(layout, settings);
}

TRAINLINT_INSTANTIATE_MAKER(makeLamb)

}  // namespace trainlint
