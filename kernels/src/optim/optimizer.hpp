// The face of every optimizer: one flat parameter arena, a segment table that says which tensor lies where,
// and `step`, which updates the arena in place.
//
// Units and shapes: `params` and `grads` hold `ParameterLayout::total` elements each; a segment is one tensor, row
// major, `offset` and `size` in elements. `lr` is the learning rate of this step (a schedule passes another one each
// step); everything else is fixed at construction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "memory/shared.hpp"

namespace trainlint {

/// One tensor of the arena. `decay` false exempts it from weight decay (biases, norm gains);
/// `group` indexes `OptimizerSpec::groups` when that list is not empty.
struct Segment {
  size_t offset, size;
  int ndim;
  int64_t shape[8];
  bool decay = true;
  int group = 0;
};

struct ParameterLayout {
  std::vector<Segment> segments;
  size_t total = 0;
};

struct ParameterGroup;

/// Hyperparameters by name (PyTorch's names in camelCase): `numbers["weightDecay"]`, `lists["betas"]`,
/// `words["estimator"]`, `flags["amsgrad"]`. `base` is the wrapped optimizer of `lookahead` and `sam`.
/// An unknown name, and a value that PyTorch's constructor refuses, is refused by `createOptimizer`
/// (failure/failure.hpp).
struct OptimizerSpec {
  std::string kind;
  std::map<std::string, double> numbers;
  std::map<std::string, std::string> words;
  std::map<std::string, std::vector<double>> lists;
  std::map<std::string, bool> flags;
  Shared<OptimizerSpec> base;
  std::vector<ParameterGroup> groups;
};

/// Parameter group: the group's learning rate is `lr * lrFactor`; `overrides` replaces single hyperparameters
/// (`weightDecay`, `betas`, ...) of the enclosing spec, or, when `overrides.kind` is not empty, the whole optimizer
/// (the recommender's Adagrad for embeddings beside Adam for the tower).
struct ParameterGroup {
  double lrFactor = 1;
  OptimizerSpec overrides;
};

/// Loss and gradient at given parameters, on one fixed batch: what L-BFGS, Newton and SAM call again and again.
template <class Real>
struct Closure {
  virtual double evaluate(const Real* params, Real* gradsOut) = 0;
  /// Writes the Hessian [n, n] over the segments' elements in order and returns true; false when it has none (then
  /// `newton` takes differences of gradients).
  virtual bool hessian(const Real* params, double* out) { (void)params; (void)out; return false; }
  virtual ~Closure() {}
};

template <class Real>
class Piecewise;

template <class Real>
class Optimizer {
 public:
  virtual ~Optimizer() {}

  /// Updates `params` in place from `grads` with learning rate `lr`.
  virtual void step(Real* params, const Real* grads, double lr) = 0;

  /// True when `step` alone cannot work (`lbfgs`, `newton`, `sam`): call `stepWithClosure`.
  virtual bool needsClosure() const { return false; }

  /// One step in which the optimizer may evaluate the loss itself. On entry `loss` and `grads` are the closure's at the
  /// given parameters; `grads` is scratch afterwards. For every other kind the same as `step`.
  virtual void stepWithClosure(Real* params, Real* grads, double loss, double lr, Closure<Real>& closure);

  /// Asked before `step`: true when a fresh curvature estimate is due (`sophia`: every `updateEvery` steps).
  virtual bool wantsCurvature() const { return false; }
  /// Sophia: takes the estimator's raw vector over the arena. Gauss-Newton-Bartlett: the mean-loss gradient on labels
  /// sampled from the model's own output; Hutchinson: u * (H u) with Rademacher u. Ignored by the other kinds.
  virtual void updateCurvature(const Real* estimate) { (void)estimate; }

  /// Not null where the rule can step stretches of the arena one after the other (elementwise.hpp).
  virtual Piecewise<Real>* pieces() { return nullptr; }

  /// True for `kfac`: `layerStatistics` must be called for every registered layer before `step`.
  virtual bool wantsLayerStatistics() const { return false; }
  /// K-FAC: declares that segments `weight` [out, in] (and `bias` [out], or -1) are one dense layer; returns its number.
  virtual int registerLayer(int weight, int bias) { (void)weight; (void)bias; return -1; }
  /// K-FAC: inputs [batch, in] of a layer and gradients [batch, out] of the mean loss with respect to its outputs.
  virtual void layerStatistics(int layer, const Real* inputs, const Real* outputGrads, size_t batch) {
    (void)layer; (void)inputs; (void)outputGrads; (void)batch;
  }

  /// Bytes of optimizer state held beside parameters and gradients.
  virtual size_t stateBytes() const = 0;
  /// The whole state, step counters included; `loadState` of an optimizer built from the same spec and layout
  /// resumes bit for bit. A vector of another length is refused.
  virtual std::vector<Real> saveState() const = 0;
  virtual void loadState(const std::vector<Real>&) = 0;
};

/// Builds an optimizer; refuses hyperparameters with PyTorch's words.
template <class Real>
std::unique_ptr<Optimizer<Real>> createOptimizer(const OptimizerSpec&, const ParameterLayout&);

/// The learning rate of the spec: its `lr`, its base's, or the default of its kind's reference.
double learningRateOf(const OptimizerSpec&);

extern template class Optimizer<float>;
extern template class Optimizer<double>;
extern template std::unique_ptr<Optimizer<float>> createOptimizer<float>(const OptimizerSpec&, const ParameterLayout&);
extern template std::unique_ptr<Optimizer<double>> createOptimizer<double>(const OptimizerSpec&, const ParameterLayout&);

}  // namespace trainlint
