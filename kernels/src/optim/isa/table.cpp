// Collects the loops of one instruction set.
#include "table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

void fillOptimKernels(OptimKernels& kernels) {
  addSgd(kernels);
  addMomentum(kernels);
  addNesterov(kernels);
  addAdagrad(kernels);
  addRmsprop(kernels);
  addAdam(kernels);
  addAdamax(kernels);
  addNadam(kernels);
  addRadam(kernels);
  addAdabound(kernels);
  addLamb(kernels);
  addLion(kernels);
  addSophia(kernels);
  addArithmetic(kernels);
  addSums(kernels);
}

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
