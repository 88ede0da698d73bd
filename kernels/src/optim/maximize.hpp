// The `maximize` flag of torch.optim.
#pragma once

#include "optim/factories.hpp"

namespace trainlint {

/// Whether the reference's constructor takes `maximize`.
bool knowsMaximize(const OptimizerSpec& spec);

/// The optimizer of a spec that has the flag.
template <class Real>
OptimizerPointer<Real> makeMaximizing(const OptimizerSpec& spec, const ParameterLayout& layout);

}  // namespace trainlint
