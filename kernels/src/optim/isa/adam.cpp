// p *= shrink;  g += weightDecay p
// m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2
// p -= stepSize m / (sqrt(v) rootCorrection + eps)
// amsgrad: the denominator takes the running maximum of v
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void adam(Real* __restrict p, const Real* __restrict g, Real* __restrict m, Real* __restrict v, size_t n,
                 const AdamScalars<Real>& scalars) {
  const MomentScalars<Real> s = scalars.moments;
  const Real stepSize = scalars.stepSize, rootCorrection = scalars.rootCorrection;
  for (size_t i = 0; i < n; i++) {
    const Real gradient = g[i] + s.weightDecay * p[i];
    const Real first = s.beta1 * m[i] + s.oneMinusBeta1 * gradient;
    const Real second = s.beta2 * v[i] + s.oneMinusBeta2 * (gradient * gradient);
    m[i] = first;
    v[i] = second;
    p[i] = p[i] * s.shrink - stepSize * first / (squareRoot(second) * rootCorrection + s.eps);
  }
}

template <class Real>
static void amsgrad(Real* __restrict p, const Real* __restrict g, Real* __restrict m, Real* __restrict v,
                    Real* __restrict vMax, size_t n, const AdamScalars<Real>& scalars) {
  const MomentScalars<Real> s = scalars.moments;
  const Real stepSize = scalars.stepSize, rootCorrection = scalars.rootCorrection;
  for (size_t i = 0; i < n; i++) {
    const Real gradient = g[i] + s.weightDecay * p[i];
    const Real first = s.beta1 * m[i] + s.oneMinusBeta1 * gradient;
    const Real second = s.beta2 * v[i] + s.oneMinusBeta2 * (gradient * gradient);
    const Real most = larger(vMax[i], second);
    m[i] = first;
    v[i] = second;
    vMax[i] = most;
    p[i] = p[i] * s.shrink - stepSize * first / (squareRoot(most) * rootCorrection + s.eps);
  }
}

template <class Real>
void addAdam(OptimLoops<Real>& loops) {
  loops.adam = adam<Real>;
  loops.amsgrad = amsgrad<Real>;
}
TRAINLINT_LOOPS(addAdam)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
