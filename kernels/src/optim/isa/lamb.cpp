// g *= gradientScale;  m, v as Adam
// update = (m firstCorrection) / (sqrt(v) rootCorrection + eps) + weightDecay p
#include "optim/isa/lanes.hpp"
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static inline void updateBlock(Real* __restrict update, const Real* __restrict p, const Real* __restrict g,
                               Real* __restrict m, Real* __restrict v, size_t n, const LambScalars<Real>& scalars) {
  const MomentScalars<Real> s = scalars.moments;
  const Real scale = scalars.gradientScale;
  const Real firstCorrection = scalars.firstCorrection, rootCorrection = scalars.rootCorrection;
  for (size_t i = 0; i < n; i++) {
    const Real gradient = g[i] * scale;
    const Real first = s.beta1 * m[i] + s.oneMinusBeta1 * gradient;
    const Real second = s.beta2 * v[i] + s.oneMinusBeta2 * (gradient * gradient);
    m[i] = first;
    v[i] = second;
    update[i] = first * firstCorrection / (squareRoot(second) * rootCorrection + s.eps) + s.weightDecay * p[i];
  }
}

// Block by block, so that the sums find their numbers in the first cache.
template <class Real>
static void lambUpdate(Real* update, const Real* p, const Real* g, Real* m, Real* v, size_t n,
                       const LambScalars<Real>& scalars, double* squares) {
  constexpr size_t kBlock = 1024;
  double ofParameters[kLanes] = {0}, ofUpdate[kLanes] = {0};
  for (size_t i = 0; i < n; i += kBlock) {
    const size_t here = n - i < kBlock ? n - i : kBlock;
    updateBlock(update + i, p + i, g + i, m + i, v + i, here, scalars);
    addSquaresToLanes(ofParameters, p + i, here);
    addSquaresToLanes(ofUpdate, update + i, here);
  }
  squares[0] = fold(ofParameters);
  squares[1] = fold(ofUpdate);
}

template <class Real>
void addLamb(OptimLoops<Real>& loops) {
  loops.lambUpdate = lambUpdate<Real>;
}
TRAINLINT_LOOPS(addLamb)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
