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
static void subtract(Real* __restrict y, const Real* __restrict x, Real a, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = x[i] - a;
}

template <class Real>
static void centerRows(Real* __restrict y, const Real* __restrict x, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++, x += columns, y += columns) {
    const double total = accumulateShort<Real>(columns, [x](auto i) { return at(x, i); });
    const Real mean = Real(total / static_cast<double>(columns));
    for (size_t i = 0; i < columns; i++) y[i] = x[i] - mean;
  }
}

template <class Real>
void addArithmetic(OptimLoops<Real>& loops) {
  loops.axpy = axpy<Real>;
  loops.scale = scale<Real>;
  loops.average = average<Real>;
  loops.averageSquares = averageSquares<Real>;
  loops.interpolate = interpolate<Real>;
  loops.ascend = ascend<Real>;
  loops.subtract = subtract<Real>;
  loops.centerRows = centerRows<Real>;
}
TRAINLINT_LOOPS(addArithmetic)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
