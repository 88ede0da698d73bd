// The update loops of the instruction set that this process runs on.
#pragma once

#include "optim/isa/kernels.hpp"

namespace trainlint {

const OptimKernels& optimKernels();

template <class Real>
const OptimLoops<Real>& optimLoops() {
  return loopsOf(optimKernels(), Real{});
}

}  // namespace trainlint
