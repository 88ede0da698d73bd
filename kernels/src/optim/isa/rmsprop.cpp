// g += weightDecay p;  square = alpha square + (1 - alpha) g^2;  centered: mean = alpha mean + (1 - alpha) g
// d = sqrt(square - mean^2 + epsInside) + epsOutside: one of the two is 0
// buffer = momentum buffer + lrInside g / d;  p -= lrOutside buffer: one of the two is 1
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real, bool kCentered, bool kMomentum>
static void loop(Real* __restrict p, const Real* __restrict g, Real* __restrict square, Real* __restrict mean,
                 Real* __restrict buffer, size_t n, const RmspropScalars<Real>& scalars) {
  const RmspropScalars<Real> s = scalars;
  for (size_t i = 0; i < n; i++) {
    const Real gradient = g[i] + s.weightDecay * p[i];
    Real variance = s.alpha * square[i] + s.oneMinusAlpha * (gradient * gradient);
    square[i] = variance;
    if (kCentered) {
      const Real center = s.alpha * mean[i] + s.oneMinusAlpha * gradient;
      mean[i] = center;
      variance = variance - center * center;
    }
    const Real denominator = squareRoot(variance + s.epsInside) + s.epsOutside;
    Real move = (s.lrInside * gradient) / denominator;
    if (kMomentum) {
      move = s.momentum * buffer[i] + move;
      buffer[i] = move;
    }
    p[i] = p[i] - s.lrOutside * move;
  }
}

template <class Real>
static void rmsprop(Real* p, const Real* g, Real* square, Real* mean, Real* buffer, size_t n,
                    const RmspropScalars<Real>& scalars) {
  if (mean && buffer)
    loop<Real, true, true>(p, g, square, mean, buffer, n, scalars);
  else if (mean)
    loop<Real, true, false>(p, g, square, mean, buffer, n, scalars);
  else if (buffer)
    loop<Real, false, true>(p, g, square, mean, buffer, n, scalars);
  else
    loop<Real, false, false>(p, g, square, mean, buffer, n, scalars);
}

template <class Real>
void addRmsprop(OptimLoops<Real>& loops) {
  loops.rmsprop = rmsprop<Real>;
}
TRAINLINT_LOOPS(addRmsprop)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
