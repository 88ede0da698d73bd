// L-BFGS: limited-memory BFGS (Liu and Nocedal 1989; two-loop recursion, Nocedal 1980).
//
//   d = -H g      H from the last `historySize` pairs s = p_k - p_{k-1}, y = g_k - g_{k-1}; H_0 = (y.s / y.y) I
//   p <- p + t d
//
// up to maxIter times in one step. p, g, d, s, y: the arena as one vector. Defaults: lr 1, maxIter 20, maxEval
// maxIter * 5 / 4, toleranceGrad 1e-7, toleranceChange 1e-9, historySize 100, lineSearch `strong-wolfe` (also in
// PyTorch's spelling `strong_wolfe`; `none`, in JavaScript null: a fixed step). Convention: torch.optim.LBFGS, whose
// default is no line search: the very first t is min(1, 1 / ||g||_1) lr, later ones lr; a pair is kept only when
// y.s > 1e-10; direction and history outlive a step.
// The source document names the method (4.2) without a formula.
// Needs a closure. State: 2 historySize Reals a parameter when the history is full, and two vectors beside it.
#include <algorithm>
#include <cmath>

#include "failure/failure.hpp"
#include "optim/factories.hpp"
#include "optim/flat.hpp"
#include "optim/hyperparameters.hpp"
#include "optim/line_search.hpp"

namespace trainlint {
namespace {

struct LbfgsSettings {
  int64_t maxIter, maxEval;
  double toleranceGrad, toleranceChange;
  size_t historySize;
  bool strongWolfe;
};

template <class Real>
struct Pair {
  AlignedArray<Real> y, s;
  double inverse;  // 1 / y.s
};

template <class Real>
class Lbfgs final : public Optimizer<Real> {
 public:
  Lbfgs(const ParameterLayout& layout, const LbfgsSettings& settings)
      : flat_(layout),
        settings_(settings),
        loops_(optimLoops<Real>()),
        size_(flat_.size()),
        direction_(size_),
        previousGradient_(size_),
        gradient_(size_),
        point_(size_),
        moved_(size_) {}

  bool needsClosure() const override { return true; }

  void step(Real*, const Real*, double) override {
    refuse("lbfgs evaluates the loss several times a step: give step a closure");
  }

  void stepWithClosure(Real* params, Real* grads, double loss, double lr, Closure<Real>& closure) override {
    int64_t evaluations = 1;  // the one at hand
    flat_.gather(grads, gradient_.data());
    bool optimal = largest(gradient_) <= settings_.toleranceGrad;
    if (optimal) return;

    for (int64_t iteration = 1;; iteration++) {
      ++iterations_;
      updateDirection();
      std::copy_n(gradient_.data(), size_, previousGradient_.data());
      const double previousLoss = loss;
      t_ = iterations_ == 1 ? std::min(1.0, 1 / loops_.sumAbs(gradient_.data(), size_)) * lr : lr;
      const double slope = dot(gradient_, direction_);
      if (slope > -settings_.toleranceChange) return;

      if (settings_.strongWolfe) {
        evaluations += searchLine(params, grads, loss, slope, closure, settings_.maxEval - evaluations);
        optimal = largest(gradient_) <= settings_.toleranceGrad;
      } else {
        move(params, t_);
        if (iteration != settings_.maxIter) {
          loss = closure.evaluate(params, grads);
          flat_.gather(grads, gradient_.data());
          optimal = largest(gradient_) <= settings_.toleranceGrad;
          evaluations++;
        }
      }

      if (iteration == settings_.maxIter || evaluations >= settings_.maxEval || optimal) return;
      if (std::fabs(t_) * largest(direction_) <= settings_.toleranceChange) return;
      if (std::fabs(loss - previousLoss) < settings_.toleranceChange) return;
    }
  }

  size_t stateBytes() const override { return 2 * settings_.historySize * size_ * sizeof(Real); }

  std::vector<Real> saveState() const override {
    StateWriter<Real> writer;
    writer.count(iterations_);
    writer.scalar(t_);
    writer.scalar(initialScale_);
    writer.array(direction_);
    writer.array(previousGradient_);
    writer.count(static_cast<int64_t>(history_.size()));
    for (const auto& pair : history_) {
      writer.array(pair.y);
      writer.array(pair.s);
      writer.scalar(pair.inverse);
    }
    return writer.take();
  }

  void loadState(const std::vector<Real>& state) override {
    StateReader<Real> reader(state);
    iterations_ = reader.count();
    t_ = reader.scalar();
    initialScale_ = reader.scalar();
    reader.array(direction_);
    reader.array(previousGradient_);
    const int64_t pairs = reader.count();
    if (static_cast<size_t>(pairs) > settings_.historySize)
      refuse("The saved state has a longer history than historySize");
    history_.clear();
    for (int64_t i = 0; i < pairs; i++) {
      Pair<Real> pair{AlignedArray<Real>(size_), AlignedArray<Real>(size_), 0};
      reader.array(pair.y);
      reader.array(pair.s);
      pair.inverse = reader.scalar();
      history_.push_back(std::move(pair));
    }
    reader.finish();
  }

 private:
  double dot(const AlignedArray<Real>& a, const AlignedArray<Real>& b) const {
    return loops_.dot(a.data(), b.data(), size_);
  }
  double largest(const AlignedArray<Real>& a) const { return loops_.maxAbs(a.data(), size_); }

  void move(Real* params, double t) {
    flat_.gather(params, moved_.data());
    loops_.axpy(moved_.data(), Real(t), direction_.data(), size_);
    flat_.scatter(moved_.data(), params);
  }

  // Takes the last step into the history, then d = -H g by the two-loop recursion.
  void updateDirection() {
    if (iterations_ == 1) {
      history_.clear();
      initialScale_ = 1;
      for (size_t i = 0; i < size_; i++) direction_[i] = -gradient_[i];
      return;
    }
    remember();
    Real* d = direction_.data();
    for (size_t i = 0; i < size_; i++) d[i] = -gradient_[i];
    std::vector<double> weights(history_.size());
    for (size_t i = history_.size(); i-- > 0;) {
      weights[i] = dot(history_[i].s, direction_) * history_[i].inverse;
      loops_.axpy(d, Real(-weights[i]), history_[i].y.data(), size_);
    }
    loops_.scale(d, Real(initialScale_), size_);
    for (size_t i = 0; i < history_.size(); i++) {
      const double correction = dot(history_[i].y, direction_) * history_[i].inverse;
      loops_.axpy(d, Real(weights[i] - correction), history_[i].s.data(), size_);
    }
  }

  void remember() {
    Pair<Real> pair{AlignedArray<Real>(size_), AlignedArray<Real>(size_), 0};
    for (size_t i = 0; i < size_; i++) {
      pair.y[i] = gradient_[i] - previousGradient_[i];
      pair.s[i] = direction_[i] * Real(t_);
    }
    const double curvature = dot(pair.y, pair.s);
    if (!(curvature > 1e-10)) return;
    pair.inverse = 1 / curvature;
    initialScale_ = curvature / dot(pair.y, pair.y);
    if (settings_.historySize == 0) return;
    if (history_.size() == settings_.historySize) history_.erase(history_.begin());
    history_.push_back(std::move(pair));
  }

  // Moves the parameters to the step the search settles on; returns its evaluations.
  int searchLine(Real* params, Real* grads, double& loss, double slope, Closure<Real>& closure, int64_t budget) {
    flat_.gather(params, point_.data());
    LinePoint<Real> start;
    start.f = loss;
    start.slope = slope;
    start.gradient = AlignedArray<Real>(size_);
    std::copy_n(gradient_.data(), size_, start.gradient.data());
    const auto evaluate = [&](double t, LinePoint<Real>& point) {
      flat_.scatter(point_.data(), params);
      move(params, t);
      point.t = t;
      point.f = closure.evaluate(params, grads);
      point.gradient = AlignedArray<Real>(size_);
      flat_.gather(grads, point.gradient.data());
      point.slope = dot(point.gradient, direction_);
    };
    LineSearchResult<Real> found = searchStrongWolfe<Real>(evaluate, start, t_, largest(direction_),
                                                           settings_.toleranceChange, static_cast<int>(budget));
    flat_.scatter(point_.data(), params);
    t_ = found.point.t;
    loss = found.point.f;
    gradient_ = std::move(found.point.gradient);
    move(params, t_);
    return found.evaluations;
  }

  const FlatView flat_;
  const LbfgsSettings settings_;
  const OptimLoops<Real>& loops_;
  const size_t size_;
  int64_t iterations_ = 0;
  double t_ = 0, initialScale_ = 1;
  AlignedArray<Real> direction_, previousGradient_;
  std::vector<Pair<Real>> history_;
  AlignedArray<Real> gradient_, point_, moved_;  // scratch
};

}  // namespace

template <class Real>
OptimizerPointer<Real> makeLbfgs(const OptimizerSpec& spec, const ParameterLayout& layout) {
  Hyperparameters reader(spec);
  reader.learningRate(1);
  LbfgsSettings settings;
  const double maxIter = reader.number("maxIter", 20);
  Hyperparameters::require(maxIter >= 1, "Invalid maxIter", maxIter);
  settings.maxIter = static_cast<int64_t>(maxIter);
  const double maxEval = reader.number("maxEval", static_cast<double>(settings.maxIter * 5 / 4));
  Hyperparameters::require(maxEval >= 1, "Invalid maxEval", maxEval);
  settings.maxEval = static_cast<int64_t>(maxEval);
  settings.toleranceGrad = reader.number("toleranceGrad", 1e-7);
  settings.toleranceChange = reader.number("toleranceChange", 1e-9);
  const double historySize = reader.number("historySize", 100);
  Hyperparameters::require(historySize >= 1, "Invalid historySize", historySize);
  settings.historySize = static_cast<size_t>(historySize);
  settings.strongWolfe = reader.word("lineSearch", "strong-wolfe", {"strong-wolfe", "strong_wolfe", "none"}) != "none";
  reader.finish();
  return std::make_unique<Lbfgs<Real>>(layout, settings);
}

TRAINLINT_INSTANTIATE_MAKER(makeLbfgs)

}  // namespace trainlint
