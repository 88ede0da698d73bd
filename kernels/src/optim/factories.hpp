// One maker per optimizer file; create.cpp finds them by kind.
#pragma once

#include <memory>

#include "optim/optimizer.hpp"

namespace trainlint {

template <class Real>
using OptimizerPointer = std::unique_ptr<Optimizer<Real>>;

#define TRAINLINT_DECLARE_MAKER(name) \
  template <class Real>               \
  OptimizerPointer<Real> name(const OptimizerSpec& spec, const ParameterLayout& layout);

TRAINLINT_DECLARE_MAKER(makeSgd)
TRAINLINT_DECLARE_MAKER(makeSgdMomentum)
TRAINLINT_DECLARE_MAKER(makeNag)
TRAINLINT_DECLARE_MAKER(makeAdam)
TRAINLINT_DECLARE_MAKER(makeAdamW)
#undef TRAINLINT_DECLARE_MAKER

#define TRAINLINT_INSTANTIATE_MAKER(name)                                                        \
  template OptimizerPointer<float> name<float>(const OptimizerSpec&, const ParameterLayout&);    \
  template OptimizerPointer<double> name<double>(const OptimizerSpec&, const ParameterLayout&);

}  // namespace trainlint
