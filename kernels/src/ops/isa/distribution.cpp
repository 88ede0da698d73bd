// Softmax as a layer of its own, and two losses: Huber (1964) and the divergence of Kullback and Leibler (1951).
#include "ops/isa/registry.hpp"

#if !defined(TRAINLINT_SHIPPED)
namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void softmax(ptrdiff_t rows, int columns, const Real* x, Real* y) {
  for (ptrdiff_t i = 0; i < rows; i++, x += columns, y += columns) {
    const Real most = largest(columns, x);
    for (int j = 0; j < columns; j++) y[j] = exponential(x[j] - most);
    const Real inverse = Real(1) / sum(columns, y);
    for (int j = 0; j < columns; j++) y[j] *= inverse;
  }
}

// dx = y (dy - y . dy)
template <class Real>
static void softmaxBack(ptrdiff_t rows, int columns, const Real* y, const Real* dy, Real* dx, bool accumulate) {
  for (ptrdiff_t i = 0; i < rows; i++, y += columns, dy += columns, dx += columns) {
    const Real mean = dot(columns, y, dy);
    for (int j = 0; j < columns; j++) {
      const Real d = y[j] * (dy[j] - mean);
      dx[j] = accumulate ? dx[j] + d : d;
    }
  }
}

// A NaN fails the comparison and so takes the square, which keeps it.
template <class Real>
static double huber(ptrdiff_t n, const Real* x, const Real* target, Real delta, Real gradScale, Real* grad) {
  double total = 0;
  for (ptrdiff_t i = 0; i < n; i++) {
    const Real d = x[i] - target[i];
    const bool far = absolute(d) > delta;
    total += far ? double(delta) * (double(absolute(d)) - .5 * double(delta)) : .5 * double(d) * double(d);
    if (grad) grad[i] = gradScale * (far ? (d < Real(0) ? -delta : delta) : d);
  }
  return total;
}

// log softmax(x)_j = x_j - most - log z;  the derivative by x_j is softmax(x)_j (sum of targets) - target_j
template <class Real>
static double klDivergence(ptrdiff_t rows, int columns, const Real* logits, const Real* target, Real gradScale,
                           Real* grad) {
  double total = 0;
  for (ptrdiff_t i = 0; i < rows; i++, logits += columns, target += columns) {
    const Real most = largest(columns, logits);
    Real z = 0, mass = 0;
    for (int j = 0; j < columns; j++) {
      z += exponential(logits[j] - most);
      mass += target[j];
    }
    const double logZ = logarithm(double(z));
    for (int j = 0; j < columns; j++) {
      const double t = double(target[j]);
      if (t != 0) total += t * (logarithm(t) - (double(logits[j] - most) - logZ));
      if (grad) grad[i * columns + j] = gradScale * (exponential(logits[j] - most) / z * mass - target[j]);
    }
  }
  return total;
}

template <class Real>
void registerDistribution(Kernels<Real>& k) {
  k.softmax = softmax<Real>;
  k.softmaxBack = softmaxBack<Real>;
  k.huber = huber<Real>;
  k.klDivergence = klDivergence<Real>;
}
TRAINLINT_REGISTER(registerDistribution)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
#endif
