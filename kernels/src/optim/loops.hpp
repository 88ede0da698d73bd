// The update loops of the instruction set that this process runs on; float64 takes the lowest level's.
#pragma once

#include "optim/isa/kernels.hpp"

namespace trainlint {

template <class Real>
const OptimLoops<Real>& optimLoops();
template <>
const OptimLoops<float>& optimLoops<float>();
template <>
const OptimLoops<double>& optimLoops<double>();

}  // namespace trainlint
