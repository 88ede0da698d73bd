// g *= gradientScale;  m, v as Adam
// update = (m firstCorrection) / (sqrt(v) rootCorrection + eps) + weightDecay p;  p += step update
// The sums of p^2 and update^2 stand between the two halves. A short tensor keeps its update in cache from one to the
// other; of a long one the second half computes it again from m and v, which is less than writing and reading it.
#include "optim/isa/lanes.hpp"
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static inline Real updateOf(Real p, Real m, Real v, const LambScalars<Real>& s) {
  return m * s.firstCorrection / (squareRoot(v) * s.rootCorrection + s.moments.eps) + s.moments.weightDecay * p;
}

template <class Real>
static inline void advance(Real* __restrict update, const Real* __restrict p, const Real* __restrict g,
                           Real* __restrict m, Real* __restrict v, size_t n, const LambScalars<Real>& scalars) {
  const LambScalars<Real> s = scalars;
  for (size_t i = 0; i < n; i++) {
    const Real gradient = g[i] * s.gradientScale;
    const Real first = s.moments.beta1 * m[i] + s.moments.oneMinusBeta1 * gradient;
    const Real second = s.moments.beta2 * v[i] + s.moments.oneMinusBeta2 * (gradient * gradient);
    m[i] = first;
    v[i] = second;
    update[i] = updateOf(p[i], first, second, s);
  }
}

// Stretches so short that a processor works on the sums of one while it waits for the divisions of the next.
template <class Real>
static void lambMoments(Real* update, const Real* p, const Real* g, Real* m, Real* v, size_t n,
                        const LambScalars<Real>& scalars, double* squares) {
  double ofParameters[kShortLanes] = {0}, ofUpdate[kShortLanes] = {0}, restOfParameters = 0, restOfUpdate = 0;
  Real passing[kStretch];
  const auto stretch = [&](size_t start, size_t size) {
    Real* u = update ? update + start : passing;
    const Real* x = p + start;
    advance(u, x, g + start, m + start, v + start, size, scalars);
    addStretch<Real>(ofParameters, restOfParameters, size, [x](size_t i) { return x[i] * x[i]; });
    addStretch<Real>(ofUpdate, restOfUpdate, size, [u](size_t i) { return u[i] * u[i]; });
  };
  const size_t whole = n - n % kStretch;
  for (size_t i = 0; i < whole; i += kStretch) stretch(i, kStretch);
  stretch(whole, n - whole);
  squares[0] = foldShort(ofParameters) + restOfParameters;
  squares[1] = foldShort(ofUpdate) + restOfUpdate;
}

template <class Real>
static void lambApply(Real* __restrict p, const Real* __restrict m, const Real* __restrict v, Real step, size_t n,
                      const LambScalars<Real>& scalars) {
  const LambScalars<Real> s = scalars;
  for (size_t i = 0; i < n; i++) p[i] = p[i] + step * updateOf(p[i], m[i], v[i], s);
}

template <class Real>
void addLamb(OptimLoops<Real>& loops) {
  loops.lambMoments = lambMoments<Real>;
  loops.lambApply = lambApply<Real>;
}
TRAINLINT_LOOPS(addLamb)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
