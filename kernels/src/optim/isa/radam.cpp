// The step of RAdam before rectification: p *= shrink;  g += weightDecay p;  m, v as Adam;  p -= stepSize m
// (The rectified step is Adam's loop with the rectification in its step size.)
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void radamUnrectified(Real* __restrict p, const Real* __restrict g, Real* __restrict m, Real* __restrict v,
                             size_t n, const AdamScalars<Real>& scalars) {
  const MomentScalars<Real> s = scalars.moments;
  const Real stepSize = scalars.stepSize;
  for (size_t i = 0; i < n; i++) {
    const Real gradient = g[i] + s.weightDecay * p[i];
    const Real first = s.beta1 * m[i] + s.oneMinusBeta1 * gradient;
    m[i] = first;
    v[i] = s.beta2 * v[i] + s.oneMinusBeta2 * (gradient * gradient);
    p[i] = p[i] * s.shrink - stepSize * first;
  }
}

template <class Real>
void addRadam(OptimLoops<Real>& loops) {
  loops.radamUnrectified = radamUnrectified<Real>;
}
TRAINLINT_LOOPS(addRadam)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
