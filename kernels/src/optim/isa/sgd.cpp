// p -= lr (g + weightDecay p)
#include "scalar.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void sgd(Real* __restrict p, const Real* __restrict g, size_t n, const SgdScalars<Real>& scalars) {
  const Real lr = scalars.lr, decay = scalars.weightDecay;
  for (size_t i = 0; i < n; i++) p[i] = p[i] - lr * (g[i] + decay * p[i]);
}

void addSgd(OptimKernels& kernels) {
  kernels.f32.sgd = sgd<float>;
  kernels.f64.sgd = sgd<double>;
}

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
