// g += weightDecay p;  m, v as Adam;  p -= clamp(stepSize / (sqrt(v) + eps), lower, upper) m
// amsgrad (AMSBound): the root takes the running maximum of v
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real, bool kAmsgrad>
static void loop(Real* __restrict p, const Real* __restrict g, Real* __restrict m, Real* __restrict v,
                 Real* __restrict vMax, size_t n, const AdaboundScalars<Real>& scalars) {
  const MomentScalars<Real> s = scalars.moments;
  const Real stepSize = scalars.stepSize, lower = scalars.lower, upper = scalars.upper;
  for (size_t i = 0; i < n; i++) {
    const Real gradient = g[i] + s.weightDecay * p[i];
    const Real first = s.beta1 * m[i] + s.oneMinusBeta1 * gradient;
    Real second = s.beta2 * v[i] + s.oneMinusBeta2 * (gradient * gradient);
    m[i] = first;
    v[i] = second;
    if (kAmsgrad) {
      second = larger(vMax[i], second);
      vMax[i] = second;
    }
    const Real rate = clampTo(stepSize / (squareRoot(second) + s.eps), lower, upper);
    p[i] = p[i] * s.shrink - rate * first;
  }
}

template <class Real>
static void adabound(Real* p, const Real* g, Real* m, Real* v, size_t n, const AdaboundScalars<Real>& scalars) {
  loop<Real, false>(p, g, m, v, nullptr, n, scalars);
}

template <class Real>
static void adaboundAmsgrad(Real* p, const Real* g, Real* m, Real* v, Real* vMax, size_t n,
                            const AdaboundScalars<Real>& scalars) {
  loop<Real, true>(p, g, m, v, vMax, n, scalars);
}

template <class Real>
void addAdabound(OptimLoops<Real>& loops) {
  loops.adabound = adabound<Real>;
  loops.adaboundAmsgrad = adaboundAmsgrad<Real>;
}
TRAINLINT_LOOPS(addAdabound)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
