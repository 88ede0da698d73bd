// What each loop file contributes to the table; TRAINLINT_ISA names the level.
#pragma once

#include "kernels.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

void addSgd(OptimKernels&);
void addMomentum(OptimKernels&);
void addNesterov(OptimKernels&);
void addAdam(OptimKernels&);

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
