// velocity = momentum velocity + gain (g + weightDecay p);  p -= lr velocity
// scaled form (learning rate inside): velocity = momentum velocity - lr (g + weightDecay p);  p += velocity
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void momentum(Real* __restrict p, const Real* __restrict g, Real* __restrict velocity, size_t n,
                     const MomentumScalars<Real>& scalars) {
  const Real lr = scalars.lr, decay = scalars.weightDecay, keep = scalars.momentum, gain = scalars.gain;
  for (size_t i = 0; i < n; i++) {
    const Real next = keep * velocity[i] + gain * (g[i] + decay * p[i]);
    velocity[i] = next;
    p[i] = p[i] - lr * next;
  }
}

template <class Real>
static void momentumScaled(Real* __restrict p, const Real* __restrict g, Real* __restrict velocity, size_t n,
                           const MomentumScalars<Real>& scalars) {
  const Real lr = scalars.lr, decay = scalars.weightDecay, keep = scalars.momentum;
  for (size_t i = 0; i < n; i++) {
    const Real next = keep * velocity[i] - lr * (g[i] + decay * p[i]);
    velocity[i] = next;
    p[i] = p[i] + next;
  }
}

template <class Real>
void addMomentum(OptimLoops<Real>& loops) {
  loops.momentum = momentum<Real>;
  loops.momentumScaled = momentumScaled<Real>;
}
TRAINLINT_LOOPS(addMomentum)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
