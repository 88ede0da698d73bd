// p -= lr (g + weightDecay p)
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void sgd(Real* __restrict p, const Real* __restrict g, size_t n, const SgdScalars<Real>& scalars) {
  const Real lr = scalars.lr, decay = scalars.weightDecay;
  for (size_t i = 0; i < n; i++) p[i] = p[i] - lr * (g[i] + decay * p[i]);
}

template <class Real>
void addSgd(OptimLoops<Real>& loops) {
  loops.sgd = sgd<Real>;
}
TRAINLINT_LOOPS(addSgd)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
