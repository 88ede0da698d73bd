// g += weightDecay p;  square = alpha square + (1 - alpha) g^2;  centered: mean = alpha mean + (1 - alpha) g
// d = sqrt(square - mean^2) + eps, or sqrt(square - mean^2 + eps) in the inside form
// buffer = momentum buffer + g / d;  p -= lr buffer, or with the learning rate inside the buffer
#include "scalar.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real, bool kInside, bool kLrInBuffer, bool kCentered, bool kMomentum>
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
    const Real denominator = kInside ? squareRoot(variance + s.eps) : squareRoot(variance) + s.eps;
    Real move = (kLrInBuffer ? s.lr * gradient : gradient) / denominator;
    if (kMomentum) {
      move = s.momentum * buffer[i] + move;
      buffer[i] = move;
    }
    p[i] = p[i] - (kLrInBuffer ? move : s.lr * move);
  }
}

template <class Real, bool kInside, bool kLrInBuffer>
static void rmsprop(Real* p, const Real* g, Real* square, Real* mean, Real* buffer, size_t n,
                    const RmspropScalars<Real>& scalars) {
  if (mean && buffer)
    loop<Real, kInside, kLrInBuffer, true, true>(p, g, square, mean, buffer, n, scalars);
  else if (mean)
    loop<Real, kInside, kLrInBuffer, true, false>(p, g, square, mean, buffer, n, scalars);
  else if (buffer)
    loop<Real, kInside, kLrInBuffer, false, true>(p, g, square, mean, buffer, n, scalars);
  else
    loop<Real, kInside, kLrInBuffer, false, false>(p, g, square, mean, buffer, n, scalars);
}

template <class Real>
static void fill(OptimLoops<Real>& loops) {
  loops.rmsprop[0][0] = rmsprop<Real, false, false>;
  loops.rmsprop[0][1] = rmsprop<Real, false, true>;
  loops.rmsprop[1][0] = rmsprop<Real, true, false>;
  loops.rmsprop[1][1] = rmsprop<Real, true, true>;
}

void addRmsprop(OptimKernels& kernels) {
  fill(kernels.f32);
  fill(kernels.f64);
}

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
