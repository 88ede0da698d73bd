// p *= shrink;  m = beta1 m + (1 - beta1) g;  h: curvature, renewed now and then outside
// authors' form: p -= lr sign(m) min(1, |m| / (curvatureScale h + eps))
// bias-corrected form: p -= lr (clamp(m firstCorrection / max(curvatureScale h, eps), -1, 1) + decay p)
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void sophia(Real* __restrict p, const Real* __restrict g, Real* __restrict m, const Real* __restrict h,
                   size_t n, const SophiaScalars<Real>& scalars) {
  const SophiaScalars<Real> s = scalars;
  for (size_t i = 0; i < n; i++) {
    const Real first = s.beta1 * m[i] + s.oneMinusBeta1 * g[i];
    m[i] = first;
    const Real ratio = magnitude(first) / (s.curvatureScale * h[i] + s.eps);
    const Real clipped = ratio > 1 ? Real(1) : ratio;
    p[i] = p[i] * s.shrink - s.lr * (signOf(first) * clipped);
  }
}

template <class Real>
static void sophiaBiasCorrected(Real* __restrict p, const Real* __restrict g, Real* __restrict m,
                                const Real* __restrict h, size_t n, const SophiaScalars<Real>& scalars) {
  const SophiaScalars<Real> s = scalars;
  for (size_t i = 0; i < n; i++) {
    const Real first = s.beta1 * m[i] + s.oneMinusBeta1 * g[i];
    m[i] = first;
    const Real ratio = first * s.firstCorrection / larger(s.curvatureScale * h[i], s.eps);
    p[i] = p[i] - s.lr * (clampTo(ratio, Real(-1), Real(1)) + s.decay * p[i]);
  }
}

template <class Real>
void addSophia(OptimLoops<Real>& loops) {
  loops.sophia = sophia<Real>;
  loops.sophiaBiasCorrected = sophiaBiasCorrected<Real>;
}
TRAINLINT_LOOPS(addSophia)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
