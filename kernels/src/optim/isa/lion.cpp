// p *= shrink;  p -= lr sign(beta1 m + (1 - beta1) g);  m = beta2 m + (1 - beta2) g
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void lion(Real* __restrict p, const Real* __restrict g, Real* __restrict m, size_t n,
                 const LionScalars<Real>& scalars) {
  const LionScalars<Real> s = scalars;
  for (size_t i = 0; i < n; i++) {
    const Real direction = signOf(s.beta1 * m[i] + s.oneMinusBeta1 * g[i]);
    p[i] = p[i] * s.shrink - s.lr * direction;
    m[i] = s.beta2 * m[i] + s.oneMinusBeta2 * g[i];
  }
}

template <class Real>
void addLion(OptimLoops<Real>& loops) {
  loops.lion = lion<Real>;
}
TRAINLINT_LOOPS(addLion)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
