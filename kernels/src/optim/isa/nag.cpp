// velocity = momentum velocity + (g + weightDecay p);  p -= lr ((g + weightDecay p) + momentum velocity)
// scaled form: velocity = momentum velocity - lr g;  p += momentum velocity - lr g
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void nesterov(Real* __restrict p, const Real* __restrict g, Real* __restrict velocity, size_t n,
                     const MomentumScalars<Real>& scalars) {
  const Real lr = scalars.lr, decay = scalars.weightDecay, keep = scalars.momentum;
  for (size_t i = 0; i < n; i++) {
    const Real gradient = g[i] + decay * p[i];
    const Real next = keep * velocity[i] + gradient;
    velocity[i] = next;
    p[i] = p[i] - lr * (gradient + keep * next);
  }
}

template <class Real>
static void nesterovScaled(Real* __restrict p, const Real* __restrict g, Real* __restrict velocity, size_t n,
                           const MomentumScalars<Real>& scalars) {
  const Real lr = scalars.lr, decay = scalars.weightDecay, keep = scalars.momentum;
  for (size_t i = 0; i < n; i++) {
    const Real move = lr * (g[i] + decay * p[i]);
    const Real next = keep * velocity[i] - move;
    velocity[i] = next;
    p[i] = p[i] + (keep * next - move);
  }
}

template <class Real>
void addNesterov(OptimLoops<Real>& loops) {
  loops.nesterov = nesterov<Real>;
  loops.nesterovScaled = nesterovScaled<Real>;
}
TRAINLINT_LOOPS(addNesterov)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
