// What each loop file contributes to the table; TRAINLINT_ISA names the level.
#pragma once

#include "kernels.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

void addSgd(OptimKernels&);
void addMomentum(OptimKernels&);
void addNesterov(OptimKernels&);
void addAdagrad(OptimKernels&);
void addRmsprop(OptimKernels&);
void addAdam(OptimKernels&);
void addAdamax(OptimKernels&);
void addNadam(OptimKernels&);
void addRadam(OptimKernels&);
void addAdabound(OptimKernels&);
void addLamb(OptimKernels&);
void addLion(OptimKernels&);
void addSophia(OptimKernels&);
void addArithmetic(OptimKernels&);
void addSums(OptimKernels&);

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
