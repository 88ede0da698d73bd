// The spec of a wrapped optimizer, and the optimizer that Lookahead makes of a given base.
#pragma once

#include <initializer_list>

#include "optim/factories.hpp"

namespace trainlint {

/// The base's spec: `spec.base`, with the wrapper's remaining hyperparameters and groups filled in where the base has
/// none of its own, so that `{kind: 'lookahead(adam)', lr, k, betas}` works. `own` are the wrapper's names.
/// Refuses when there is no base.
OptimizerSpec baseSpecOf(const OptimizerSpec& spec, std::initializer_list<const char*> own);

/// The wrapper's own hyperparameters alone.
OptimizerSpec ownSpecOf(const OptimizerSpec& spec, std::initializer_list<const char*> own);

template <class Real>
OptimizerPointer<Real> wrapLookahead(OptimizerPointer<Real> base, const ParameterLayout& layout, int64_t k,
                                     double alpha);

}  // namespace trainlint
