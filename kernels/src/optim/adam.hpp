// Adam with a given default of the weight decay: what Adam and AdamW share.
#pragma once

#include "optim/factories.hpp"

namespace trainlint {

template <class Real>
OptimizerPointer<Real> makeAdamWith(const OptimizerSpec& spec, const ParameterLayout& layout, double weightDecay,
                                    bool decoupled);

}  // namespace trainlint
