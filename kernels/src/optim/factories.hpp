// One maker per optimizer file; create.cpp finds them by kind.
#pragma once

#include <memory>

#include "optim/optimizer.hpp"
#include "simd/precision.hpp"

namespace trainlint {

template <class Real>
using OptimizerPointer = std::unique_ptr<Optimizer<Real>>;

#define TRAINLINT_DECLARE_MAKER(name) \
  template <class Real>               \
  OptimizerPointer<Real> name(const OptimizerSpec& spec, const ParameterLayout& layout);

TRAINLINT_DECLARE_MAKER(makeSgd)
TRAINLINT_DECLARE_MAKER(makeSgdMomentum)
TRAINLINT_DECLARE_MAKER(makeNag)
TRAINLINT_DECLARE_MAKER(makeAdagrad)
TRAINLINT_DECLARE_MAKER(makeRmsprop)
TRAINLINT_DECLARE_MAKER(makeAdam)
TRAINLINT_DECLARE_MAKER(makeAdamW)
TRAINLINT_DECLARE_MAKER(makeAdamax)
TRAINLINT_DECLARE_MAKER(makeNadam)
TRAINLINT_DECLARE_MAKER(makeRadam)
TRAINLINT_DECLARE_MAKER(makeAdabound)
TRAINLINT_DECLARE_MAKER(makeLamb)
TRAINLINT_DECLARE_MAKER(makeAdafactor)
TRAINLINT_DECLARE_MAKER(makeLion)
TRAINLINT_DECLARE_MAKER(makeSophia)
TRAINLINT_DECLARE_MAKER(makeLookahead)
TRAINLINT_DECLARE_MAKER(makeRanger)
TRAINLINT_DECLARE_MAKER(makeSam)
TRAINLINT_DECLARE_MAKER(makeLbfgs)
TRAINLINT_DECLARE_MAKER(makeNewton)
TRAINLINT_DECLARE_MAKER(makeKfac)
#undef TRAINLINT_DECLARE_MAKER

#if TRAINLINT_FLOAT64
#define TRAINLINT_INSTANTIATE_MAKER(name)                                                     \
  template OptimizerPointer<float> name<float>(const OptimizerSpec&, const ParameterLayout&); \
  template OptimizerPointer<double> name<double>(const OptimizerSpec&, const ParameterLayout&);
#else
#define TRAINLINT_INSTANTIATE_MAKER(name) \
  template OptimizerPointer<float> name<float>(const OptimizerSpec&, const ParameterLayout&);
#endif

}  // namespace trainlint
