// g += weightDecay p;  m = beta1 m + (1 - beta1) g;  u = max(beta2 u, |g| + eps);  p -= stepSize m / u
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void adamax(Real* __restrict p, const Real* __restrict g, Real* __restrict m, Real* __restrict u, size_t n,
                   const AdamaxScalars<Real>& scalars) {
  const MomentScalars<Real> s = scalars.moments;
  const Real stepSize = scalars.stepSize;
  for (size_t i = 0; i < n; i++) {
    const Real gradient = g[i] + s.weightDecay * p[i];
    const Real first = s.beta1 * m[i] + s.oneMinusBeta1 * gradient;
    const Real norm = larger(s.beta2 * u[i], magnitude(gradient) + s.eps);
    m[i] = first;
    u[i] = norm;
    p[i] = p[i] * s.shrink - stepSize * first / norm;
  }
}

template <class Real>
void addAdamax(OptimLoops<Real>& loops) {
  loops.adamax = adamax<Real>;
}
TRAINLINT_LOOPS(addAdamax)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
