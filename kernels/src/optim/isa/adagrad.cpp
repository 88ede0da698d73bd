// g += weightDecay p;  sum += g^2;  p -= lr g / (sqrt(sum) + eps)
// inside form: p -= lr g / sqrt(sum + eps), and no step where sum is 0
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void adagrad(Real* __restrict p, const Real* __restrict g, Real* __restrict sum, size_t n,
                    const AdagradScalars<Real>& scalars) {
  const Real lr = scalars.lr, decay = scalars.weightDecay, eps = scalars.eps;
  for (size_t i = 0; i < n; i++) {
    const Real gradient = g[i] + decay * p[i];
    const Real total = sum[i] + gradient * gradient;
    sum[i] = total;
    p[i] = p[i] - lr * gradient / (squareRoot(total) + eps);
  }
}

template <class Real>
static void adagradInside(Real* __restrict p, const Real* __restrict g, Real* __restrict sum, size_t n,
                          const AdagradScalars<Real>& scalars) {
  const Real lr = scalars.lr, decay = scalars.weightDecay, eps = scalars.eps;
  for (size_t i = 0; i < n; i++) {
    const Real gradient = g[i] + decay * p[i];
    const Real total = sum[i] + gradient * gradient;
    sum[i] = total;
    const Real move = lr * gradient / squareRoot(total + eps);
    p[i] = p[i] - (total == 0 ? Real(0) : move);
  }
}

template <class Real>
void addAdagrad(OptimLoops<Real>& loops) {
  loops.adagrad = adagrad<Real>;
  loops.adagradInside = adagradInside<Real>;
}
TRAINLINT_LOOPS(addAdagrad)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
