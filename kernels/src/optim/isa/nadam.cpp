// p *= shrink;  g += weightDecay p;  m, v as Adam;  d = sqrt(v) rootCorrection + eps
// p -= (gradientStep g + momentStep m) / d
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void nadam(Real* __restrict p, const Real* __restrict g, Real* __restrict m, Real* __restrict v, size_t n,
                  const NadamScalars<Real>& scalars) {
  const MomentScalars<Real> s = scalars.moments;
  const Real rootCorrection = scalars.rootCorrection;
  const Real gradientStep = scalars.gradientStep, momentStep = scalars.momentStep;
  for (size_t i = 0; i < n; i++) {
    const Real gradient = g[i] + s.weightDecay * p[i];
    const Real first = s.beta1 * m[i] + s.oneMinusBeta1 * gradient;
    const Real second = s.beta2 * v[i] + s.oneMinusBeta2 * (gradient * gradient);
    m[i] = first;
    v[i] = second;
    const Real denominator = squareRoot(second) * rootCorrection + s.eps;
    p[i] = p[i] * s.shrink - (gradientStep * gradient + momentStep * first) / denominator;
  }
}

template <class Real>
void addNadam(OptimLoops<Real>& loops) {
  loops.nadam = nadam<Real>;
}
TRAINLINT_LOOPS(addNadam)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
