// Sophia: second-order clipped stochastic optimization (Liu et al., arXiv 2305.14342).
//
//   p <- (1 - lr weightDecay) p
//   m_t = beta1 m_{t-1} + (1 - beta1) g
//   p <- p - lr sign(m_t) min(1, |m_t| / (rho batchSize h + 1e-15))
//   every `updateEvery` steps: h <- beta2 h + (1 - beta2) estimate
//
// p, g, m, h: the arena. Defaults: lr 1e-4, betas [0.965, 0.99], rho 0.04, weightDecay 0.1, updateEvery 10, estimator
// `gauss-newton-bartlett`, batchSize 5120 (tokens a batch). Convention: the authors' SophiaG: m is not corrected for
// bias, estimate = ghat^2 with ghat the gradient of the mean loss on labels drawn from the model's own output, and the
// batch size enters the clip instead of the estimate.
// estimator `hutchinson`: optax.contrib.sophia: estimate = u * (H u) with u of random signs,
//   p <- p - lr (clamp(mHat / max(gamma h, eps), -1, 1) + weightDecay p),   mHat = m_t / (1 - beta1^t)
// with gamma 0.01, eps 1e-8, weightDecay 1e-4.
// `updateCurvature` blends an estimate in at once. `wantsCurvature`, asked before a step, says when one is due: as the
// authors' loop, before steps k, 2k, ... (until then the update is the sign of m); hutchinson: before steps 1, k + 1,
// 2k + 1, ... as the paper's algorithm (optax blends it in after that step: call `updateCurvature` after `step`).
// State: two Reals a parameter. The source document names Sophia in 6.5 without a formula.
#include "optim/elementwise.hpp"
#include "optim/factories.hpp"
#include "optim/hyperparameters.hpp"
#include "optim/portable_math.hpp"

namespace trainlint {
namespace {

struct SophiaSettings {
  bool hutchinson;
  double beta1, beta2, curvatureScale, eps, weightDecay;
  int64_t updateEvery;
};

template <class Real>
class Sophia final : public Elementwise<Real> {
 public:
  Sophia(const ParameterLayout& layout, const SophiaSettings& settings)
      : Elementwise<Real>(layout, 2, settings.weightDecay),
        settings_(settings),
        powers_(settings.beta1),
        ranges_(joinSegments(layout, false)) {}

  bool wantsCurvature() const override {
    const int64_t due = settings_.hutchinson ? 0 : settings_.updateEvery - 1;
    return this->time_ % settings_.updateEvery == due;
  }

  void updateCurvature(const Real* estimate) override {
    const Real keep = Real(settings_.beta2), gain = Real(1 - settings_.beta2);
    const auto blend = settings_.hutchinson ? this->loops_.average : this->loops_.averageSquares;
    for (const Range& range : ranges_) blend(this->buffer(1, range), estimate + range.offset, keep, gain, range.size);
  }

 private:
  void beginStep(double lr) override {
    lr_ = lr;
    firstCorrection_ = 1 / (1 - powers_.at(this->time_));
  }

  void update(Real* params, const Real* grads, const Range& range, double weightDecay) override {
    const SophiaSettings& s = settings_;
    const SophiaScalars<Real> scalars{Real(lr_),
                                      Real(1 - lr_ * weightDecay),
                                      Real(s.beta1),
                                      Real(1 - s.beta1),
                                      Real(firstCorrection_),
                                      Real(s.curvatureScale),
                                      Real(s.eps),
                                      Real(weightDecay)};
    const auto loop = s.hutchinson ? this->loops_.sophiaBiasCorrected : this->loops_.sophia;
    loop(params, grads, this->buffer(0, range), this->buffer(1, range), range.size, scalars);
  }

  const SophiaSettings settings_;
  const IntegerPowers powers_;
  const std::vector<Range> ranges_;
  double lr_ = 0, firstCorrection_ = 1;
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeSophia(const OptimizerSpec& spec, const ParameterLayout& layout) {
  Hyperparameters reader(spec);
  SophiaSettings settings;
  reader.learningRate(1e-4);
  const std::vector<double> betas = reader.betas(0.965, 0.99);
  settings.beta1 = betas[0];
  settings.beta2 = betas[1];
  settings.hutchinson =
      reader.word("estimator", "gauss-newton-bartlett", {"gauss-newton-bartlett", "hutchinson"}) == "hutchinson";
  const double rho = reader.number("rho", 0.04);
  Hyperparameters::require(rho >= 0, "Invalid rho parameter at index 1", rho);
  const double batchSize = reader.number("batchSize", 5120);
  Hyperparameters::require(batchSize > 0, "Invalid batchSize", batchSize);
  const double gamma = reader.number("gamma", 0.01);
  Hyperparameters::require(gamma >= 0, "Invalid gamma parameter", gamma);
  settings.curvatureScale = settings.hutchinson ? gamma : rho * batchSize;
  settings.eps = reader.epsilon(settings.hutchinson ? 1e-8 : 1e-15);
  settings.weightDecay = reader.weightDecay(settings.hutchinson ? 1e-4 : 0.1);
  const double updateEvery = reader.number("updateEvery", 10);
  Hyperparameters::require(updateEvery >= 1, "Invalid updateEvery", updateEvery);
  settings.updateEvery = static_cast<int64_t>(updateEvery);
  reader.finish();
  return std::make_unique<Sophia<Real>>(layout, settings);
}

TRAINLINT_INSTANTIATE_MAKER(makeSophia)

}  // namespace trainlint
