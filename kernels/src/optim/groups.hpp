// Parameter groups: an optimizer a group, each over its own segments of one arena.
#pragma once

#include "optim/factories.hpp"

namespace trainlint {

/// Builds one optimizer for each of `spec.groups` (not empty). Refuses a segment whose group
/// does not exist, and optimizers that work on all parameters at once (lbfgs, newton, kfac, sam).
template <class Real>
OptimizerPointer<Real> makeGrouped(const OptimizerSpec& spec, const ParameterLayout& layout);

}  // namespace trainlint
