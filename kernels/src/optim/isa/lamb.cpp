// g *= gradientScale;  m, v as Adam
// update = (m firstCorrection) / (sqrt(v) rootCorrection + eps) + weightDecay p;  p += step update
// The sums of p^2 and update^2 stand between the two halves. A short tensor keeps its update in cache from one to the
// other; of a long one the second half computes it again from m and v, which is less than writing and reading it.
#include "optim/isa/lanes.hpp"
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Value, class Real>
static inline Value updateOf(Value p, Value m, Value v, const LambScalars<Real>& s) {
  return m * s.firstCorrection / (squareRoot(v) * s.rootCorrection + s.moments.eps) + s.moments.weightDecay * p;
}

template <class Real>
static void lambMoments(Real* __restrict update, const Real* __restrict p, const Real* __restrict g,
                        Real* __restrict m, Real* __restrict v, size_t n, const LambScalars<Real>& scalars,
                        double* __restrict squares) {
  const LambScalars<Real> s = scalars;
  ShortSum<Real> ofParameters, ofUpdate;
  const auto advance = [&](auto i) {
    const auto gradient = at(g, i) * s.gradientScale;
    const auto first = s.moments.beta1 * at(m, i) + s.moments.oneMinusBeta1 * gradient;
    const auto second = s.moments.beta2 * at(v, i) + s.moments.oneMinusBeta2 * (gradient * gradient);
    put(m, i, first);
    put(v, i, second);
    const auto u = updateOf(at(p, i), first, second, s);
    if (update) put(update, i, u);
    return u;
  };
  for (size_t start = 0; start < n; start += kStretch) {
    const size_t end = n - start < kStretch ? n : start + kStretch;
    typename Side<Real>::Eight parameters{}, updates{};
    EightFrom i{start};
    for (; i.i + kShortLanes <= end; i.i += kShortLanes) {
      const auto x = at(p, i), u = advance(i);
      parameters += x * x;
      updates += u * u;
    }
    ofParameters.addLanes(parameters);
    ofUpdate.addLanes(updates);
    for (size_t k = i.i; k < end; k++) {
      const Real u = advance(k);
      ofParameters.rest += static_cast<double>(p[k] * p[k]);
      ofUpdate.rest += static_cast<double>(u * u);
    }
  }
  squares[0] = ofParameters.total();
  squares[1] = ofUpdate.total();
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
