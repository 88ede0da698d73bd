// Elementwise arithmetic of the per-tensor and the wrapping rules.
#include "optim/isa/lanes.hpp"
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void axpy(Real* __restrict y, Real a, const Real* __restrict x, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = y[i] + a * x[i];
}

template <class Real>
static void scale(Real* y, Real a, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = y[i] * a;
}

template <class Real>
static void average(Real* __restrict y, const Real* __restrict x, Real keep, Real gain, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = keep * y[i] + gain * x[i];
}

template <class Real>
static void averageSquares(Real* __restrict y, const Real* __restrict x, Real keep, Real gain, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = keep * y[i] + gain * (x[i] * x[i]);
}

template <class Real>
static void interpolate(Real* __restrict slow, Real* __restrict fast, Real alpha, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const Real blend = slow[i] + alpha * (fast[i] - slow[i]);
    slow[i] = blend;
    fast[i] = blend;
  }
}

template <class Real>
static void ascend(Real* __restrict p, const Real* __restrict g, Real a, bool adaptive, size_t n) {
  if (adaptive)
    for (size_t i = 0; i < n; i++) p[i] = p[i] + p[i] * p[i] * g[i] * a;
  else
    for (size_t i = 0; i < n; i++) p[i] = p[i] + g[i] * a;
}

template <class Real>
static void center(Real* __restrict y, const Real* __restrict x, size_t n) {
  const double total = accumulate(n, [x](size_t i) { return static_cast<double>(x[i]); });
  const Real mean = Real(total / static_cast<double>(n));
  for (size_t i = 0; i < n; i++) y[i] = x[i] - mean;
}

template <class Real>
static void roots(Real* __restrict y, const Real* __restrict x, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = squareRoot(x[i]);
}

// Root by root: where a row or a column never saw a gradient, the product of the two variances underflows.
template <class Real>
static void factoredUpdate(Real* __restrict update, const Real* __restrict g, const Real* __restrict columnRoots,
                           Real rowRoot, Real leastRoot, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const Real root = rowRoot * columnRoots[i];
    update[i] = g[i] / (root < leastRoot ? leastRoot : root);
  }
}

template <class Real>
static void rootUpdate(Real* __restrict update, const Real* __restrict g, Real* __restrict variance, double gain,
                       double added, Real floor, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const double square = static_cast<double>(g[i]) * static_cast<double>(g[i]) + added;
    const Real now = Real(variance[i] + gain * (square - variance[i]));
    variance[i] = now;
    update[i] = g[i] / squareRoot(now < floor ? floor : now);
  }
}

template <class Real>
static void addSquares(double* __restrict columns, const Real* __restrict g, double added, size_t n) {
  for (size_t i = 0; i < n; i++) columns[i] += static_cast<double>(g[i]) * static_cast<double>(g[i]) + added;
}

template <class Real>
void addArithmetic(OptimLoops<Real>& loops) {
  loops.axpy = axpy<Real>;
  loops.scale = scale<Real>;
  loops.average = average<Real>;
  loops.averageSquares = averageSquares<Real>;
  loops.interpolate = interpolate<Real>;
  loops.ascend = ascend<Real>;
  loops.center = center<Real>;
  loops.roots = roots<Real>;
  loops.factoredUpdate = factoredUpdate<Real>;
  loops.rootUpdate = rootUpdate<Real>;
  loops.addSquares = addSquares<Real>;
}
TRAINLINT_LOOPS(addArithmetic)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
