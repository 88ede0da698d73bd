// Sums in double over 16 lanes: element i goes to lane i mod 16, the lanes are folded in halves. The order is the same
// whatever the vector width, so the bits are too.
#include "scalar.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

constexpr size_t kLanes = 16;

static double fold(const double* lanes) {
  double half[8], quarter[4];
  for (int i = 0; i < 8; i++) half[i] = lanes[i] + lanes[i + 8];
  for (int i = 0; i < 4; i++) quarter[i] = half[i] + half[i + 4];
  return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);
}

template <class Term>
static inline double accumulate(size_t n, Term term) {
  double lanes[kLanes] = {0};
  const size_t whole = n - n % kLanes;
  for (size_t i = 0; i < whole; i += kLanes)
    for (size_t lane = 0; lane < kLanes; lane++) lanes[lane] += term(i + lane);
  for (size_t i = whole; i < n; i++) lanes[i - whole] += term(i);
  return fold(lanes);
}

template <class Real>
static double sum(const Real* x, size_t n) {
  return accumulate(n, [x](size_t i) { return static_cast<double>(x[i]); });
}

template <class Real>
static double sumSquares(const Real* x, size_t n) {
  return accumulate(n, [x](size_t i) { return static_cast<double>(x[i]) * static_cast<double>(x[i]); });
}

template <class Real>
static double sumAbs(const Real* x, size_t n) {
  return accumulate(n, [x](size_t i) { return magnitude(static_cast<double>(x[i])); });
}

template <class Real>
static double dot(const Real* x, const Real* y, size_t n) {
  return accumulate(n, [x, y](size_t i) { return static_cast<double>(x[i]) * static_cast<double>(y[i]); });
}

template <class Real>
static double sumSquaredProducts(const Real* x, const Real* y, size_t n) {
  return accumulate(n, [x, y](size_t i) {
    const double product = static_cast<double>(x[i]) * static_cast<double>(y[i]);
    return product * product;
  });
}

template <class Real>
static double maxAbs(const Real* x, size_t n) {
  Real most = 0;
  for (size_t i = 0; i < n; i++) most = larger(most, magnitude(x[i]));
  return most;
}

template <class Real>
static void fill(OptimLoops<Real>& loops) {
  loops.sum = sum<Real>;
  loops.sumSquares = sumSquares<Real>;
  loops.sumAbs = sumAbs<Real>;
  loops.dot = dot<Real>;
  loops.sumSquaredProducts = sumSquaredProducts<Real>;
  loops.maxAbs = maxAbs<Real>;
}

void addSums(OptimKernels& kernels) {
  fill(kernels.f32);
  fill(kernels.f64);
}

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
