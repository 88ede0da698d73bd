// Collects the loops of one instruction set.
#include "table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

void fillOptimKernels(OptimKernels& kernels) {
  addSgd(kernels);
  addMomentum(kernels);
  addNesterov(kernels);
  addAdam(kernels);
}

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
