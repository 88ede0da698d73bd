// Lookahead: k steps forward, one step back (Zhang et al., arXiv 1907.08610), around any base optimizer.
//
//   the base updates the fast weights p at every step;  every k steps:
//   slow <- slow + alpha (p - slow),   p <- slow
//
// p, slow: the arena. Defaults: k 5, alpha 0.5 (the authors' class has 0.8, their experiments 0.5). Convention:
// michaelrzhang/lookahead: the slow weights start as the initial parameters (not as those after the first step), and
// the base keeps its state across a synchronisation. Written `lookahead(adam)`; not in the source document.
// State: one Real a parameter beside the base's.
#include <algorithm>

#include "optim/hyperparameters.hpp"
#include "optim/wrapper.hpp"
#include "optim/wrapping.hpp"

namespace trainlint {
namespace {

template <class Real>
class Lookahead final : public Wrapper<Real>, public Piecewise<Real> {
 public:
  Lookahead(const ParameterLayout& layout, OptimizerPointer<Real> base, int64_t k, double alpha)
      : Wrapper<Real>(layout, std::move(base)), k_(k), alpha_(alpha), slow_(elementCount(layout)) {}

  void step(Real* params, const Real* grads, double lr) override {
    rememberStart(params);
    this->base_->step(params, grads, lr);
    synchronise(params);
  }

  Piecewise<Real>* pieces() override { return this->base_->pieces() ? this : nullptr; }

  void beginPieces(const Real* params, double lr) override {
    rememberStart(params);
    this->base_->pieces()->beginPieces(params, lr);
  }

  void stepPiece(Real* params, const Real* grads, const Range& piece) override {
    this->base_->pieces()->stepPiece(params, grads, piece);
    if (time_ % k_ == 0) synchronise(params, piece);
  }

  void stepWithClosure(Real* params, Real* grads, double loss, double lr, Closure<Real>& closure) override {
    rememberStart(params);
    this->base_->stepWithClosure(params, grads, loss, lr, closure);
    synchronise(params);
  }

  size_t stateBytes() const override { return slow_.bytes() + this->base_->stateBytes(); }

  std::vector<Real> saveState() const override {
    StateWriter<Real> writer;
    writer.count(time_);
    writer.array(slow_);
    writer.nested(this->base_->saveState());
    return writer.take();
  }

  void loadState(const std::vector<Real>& state) override {
    StateReader<Real> reader(state);
    time_ = reader.count();
    reader.array(slow_);
    const std::vector<Real> base = reader.nested();
    reader.finish();
    this->base_->loadState(base);
  }

 private:
  void rememberStart(const Real* params) {
    if (time_++ > 0) return;
    for (const Range& range : this->ranges_)
      std::copy_n(params + range.offset, range.size, slow_.data() + range.state);
  }

  void synchronise(Real* params) {
    if (time_ % k_ != 0) return;
    for (const Range& range : this->ranges_) synchronise(params, range);
  }

  void synchronise(Real* params, const Range& range) {
    this->loops_.interpolate(slow_.data() + range.state, params + range.offset, Real(alpha_), range.size);
  }

  const int64_t k_;
  const double alpha_;
  AlignedArray<Real> slow_;
  int64_t time_ = 0;
};

}  // namespace

template <class Real>
OptimizerPointer<Real> wrapLookahead(OptimizerPointer<Real> base, const ParameterLayout& layout, int64_t k,
                                     double alpha) {
  return std::make_unique<Lookahead<Real>>(layout, std::move(base), k, alpha);
}

template <class Real>
OptimizerPointer<Real> makeLookahead(const OptimizerSpec& spec, const ParameterLayout& layout) {
  const OptimizerSpec own = ownSpecOf(spec, {"k", "alpha"});
  Hyperparameters reader(own);
  const double k = reader.number("k", 5);
  Hyperparameters::require(k >= 1, "Invalid lookahead steps", k);
  const double alpha = reader.number("alpha", 0.5);
  Hyperparameters::require(alpha >= 0 && alpha <= 1, "Invalid slow update rate", alpha);
  reader.finish();
  auto base = createOptimizer<Real>(baseSpecOf(spec, {"k", "alpha"}), layout);
  return wrapLookahead<Real>(std::move(base), layout, static_cast<int64_t>(k), alpha);
}

TRAINLINT_INSTANTIATE_MAKER(makeLookahead)
template OptimizerPointer<float> wrapLookahead<float>(OptimizerPointer<float>, const ParameterLayout&, int64_t, double);
#if TRAINLINT_FLOAT64
template OptimizerPointer<double> wrapLookahead<double>(OptimizerPointer<double>, const ParameterLayout&, int64_t,
                                                        double);
#endif

}  // namespace trainlint
