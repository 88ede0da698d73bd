// Sums, products and norms over flat arrays.
#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void add(ptrdiff_t n, const Real* a, const Real* b, Real* y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = a[i] + b[i];
}

template <class Real>
static void accumulate(ptrdiff_t n, const Real* __restrict x, Real* __restrict y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] += x[i];
}

template <class Real>
static void scale(ptrdiff_t n, Real factor, Real* y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] *= factor;
}

template <class Real>
static void multiply(ptrdiff_t n, const Real* a, const Real* b, Real* y) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = a[i] * b[i];
}

template <class Real>
static void clamp(ptrdiff_t n, Real limit, Real* y) {
  for (ptrdiff_t i = 0; i < n; i++) {
    const Real raised = y[i] < -limit ? -limit : y[i];
    y[i] = raised > limit ? limit : raised;
  }
}

// Sixteen partial sums in double, element i to lane i mod 16.
template <class Term>
static inline double sumInDouble(ptrdiff_t n, Term term) {
  double lane[16] = {};
  ptrdiff_t i = 0;
  for (; i + 16 <= n; i += 16)
    for (int k = 0; k < 16; k++) lane[k] += term(i + k);
  for (int k = 0; i < n; i++, k++) lane[k] += term(i);
  return addLanes(lane);
}

template <class Real>
static double sumSquares(ptrdiff_t n, const Real* x) {
  return sumInDouble(n, [&](ptrdiff_t i) { return double(x[i]) * double(x[i]); });
}

template <class Real>
static double sumSquaredDifferences(ptrdiff_t n, const Real* a, const Real* b) {
  return sumInDouble(n, [&](ptrdiff_t i) {
    const double d = double(a[i]) - double(b[i]);
    return d * d;
  });
}

template <class Real>
static void stream(ptrdiff_t n, Real* __restrict p, const Real* __restrict g, Real* __restrict m, Real* __restrict v) {
  TRAINLINT_INDEPENDENT
  for (ptrdiff_t i = 0; i < n; i++) {
    const Real x = g[i];
    p[i] += x;
    m[i] += x;
    v[i] += x;
  }
}

template <class Real>
void registerElementwise(Kernels<Real>& k) {
  k.add = add<Real>;
  k.accumulate = accumulate<Real>;
  k.scale = scale<Real>;
  k.multiply = multiply<Real>;
  k.clamp = clamp<Real>;
  k.stream = stream<Real>;
  k.sumSquares = sumSquares<Real>;
  k.sumSquaredDifferences = sumSquaredDifferences<Real>;
}
TRAINLINT_REGISTER(registerElementwise)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
