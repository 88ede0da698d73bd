// From a spec to an optimizer: kinds, notations such as `lookahead(adam)`, parameter groups.
#include "failure/failure.hpp"
#include "optim/factories.hpp"
#include "optim/groups.hpp"
#include "optim/maximize.hpp"
#include "optim/optimizer.hpp"

namespace trainlint {
namespace {

template <class Real>
struct Kind {
  const char* name;
  OptimizerPointer<Real> (*make)(const OptimizerSpec&, const ParameterLayout&);
  double defaultLr;  // of the reference; a wrapper takes its base's
};

template <class Real>
constexpr Kind<Real> kKinds[] = {
    {"adabound", makeAdabound<Real>, 1e-3},
    {"adafactor", makeAdafactor<Real>, 1e-2},
    {"adagrad", makeAdagrad<Real>, 1e-2},
    {"adam", makeAdam<Real>, 1e-3},
    {"adamax", makeAdamax<Real>, 2e-3},
    {"adamw", makeAdamW<Real>, 1e-3},
    {"kfac", makeKfac<Real>, 0.1},
    {"lamb", makeLamb<Real>, 1e-3},
    {"lbfgs", makeLbfgs<Real>, 1},
    {"lion", makeLion<Real>, 1e-4},
    {"lookahead", makeLookahead<Real>, 0},
    {"nadam", makeNadam<Real>, 2e-3},
    {"nag", makeNag<Real>, 1e-2},
    {"newton", makeNewton<Real>, 1},
    {"radam", makeRadam<Real>, 1e-3},
    {"ranger", makeRanger<Real>, 1e-3},
    {"rmsprop", makeRmsprop<Real>, 1e-2},
    {"sam", makeSam<Real>, 0},
    {"sgd", makeSgd<Real>, 1e-2},
    {"sgd-momentum", makeSgdMomentum<Real>, 1e-2},
    {"sophia", makeSophia<Real>, 1e-4},
};

/// Null if there is none of that name.
template <class Real>
const Kind<Real>* findKind(const std::string& name) {
  for (const Kind<Real>& kind : kKinds<Real>)
    if (kind.name == name) return &kind;
  return nullptr;
}

bool isWrapper(const std::string& kind) { return kind == "lookahead" || kind == "ranger" || kind == "sam"; }

bool isNotation(const OptimizerSpec& spec) { return spec.kind.find('(') != std::string::npos; }

// `lookahead(adam)` becomes kind `lookahead` with base `adam`, whose hyperparameters stay where they are.
OptimizerSpec readNotation(const OptimizerSpec& spec) {
  const size_t open = spec.kind.find('(');
  if (spec.kind.back() != ')') refuse("Unknown optimizer: " + spec.kind);
  OptimizerSpec outer = spec;
  outer.kind = spec.kind.substr(0, open);
  if (!isWrapper(outer.kind))
    refuse("Unknown optimizer: " + spec.kind + " (only lookahead, ranger and sam wrap another one)");
  OptimizerSpec inner = spec.base ? *spec.base : OptimizerSpec{};
  const std::string named = spec.kind.substr(open + 1, spec.kind.size() - open - 2);
  if (!inner.kind.empty() && inner.kind != named)
    refuse("Two base optimizers given: " + named + " and " + inner.kind);
  inner.kind = named;
  outer.base = Shared<OptimizerSpec>::make(inner);
  return outer;
}

}  // namespace

template <class Real>
void Optimizer<Real>::stepWithClosure(Real* params, Real* grads, double, double lr, Closure<Real>&) {
  step(params, grads, lr);
}

template <class Real>
std::unique_ptr<Optimizer<Real>> createOptimizer(const OptimizerSpec& spec, const ParameterLayout& layout) {
  if (isNotation(spec)) return createOptimizer<Real>(readNotation(spec), layout);
  const Kind<Real>* kind = findKind<Real>(spec.kind);
  if (!kind) {
    std::string names;
    for (const Kind<Real>& known : kKinds<Real>) names += std::string(names.empty() ? "" : ", ") + known.name;
    refuse("Unknown optimizer: " + spec.kind + " (one of: " + names + ")");
  }
  if (!spec.groups.empty() && !isWrapper(spec.kind)) return makeGrouped<Real>(spec, layout);
  if (spec.base && !isWrapper(spec.kind)) refuse(spec.kind + " takes no base optimizer");
  if (spec.flags.count("maximize") && knowsMaximize(spec)) return makeMaximizing<Real>(spec, layout);
  return kind->make(spec, layout);
}

double learningRateOf(const OptimizerSpec& spec) {
  if (isNotation(spec)) return learningRateOf(readNotation(spec));
  const auto lr = spec.numbers.find("lr");
  if (lr != spec.numbers.end()) return lr->second;
  if (spec.base) return learningRateOf(*spec.base);
  const Kind<float>* kind = findKind<float>(spec.kind);
  return kind ? kind->defaultLr : 0;
}

template class Optimizer<float>;
template std::unique_ptr<Optimizer<float>> createOptimizer<float>(const OptimizerSpec&, const ParameterLayout&);
#if TRAINLINT_FLOAT64
template class Optimizer<double>;
template std::unique_ptr<Optimizer<double>> createOptimizer<double>(const OptimizerSpec&, const ParameterLayout&);
#endif

}  // namespace trainlint
