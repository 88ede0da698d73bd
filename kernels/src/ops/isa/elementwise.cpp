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
static void gateColumns(int batch, int rows, int columns, const Real* x, const Real* gate, Real* y) {
  for (int b = 0; b < batch; b++, gate += columns)
    for (int r = 0; r < rows; r++, x += columns, y += columns) {
      const Real* __restrict from = x;
      const Real* __restrict factor = gate;
      Real* __restrict to = y;
      for (int c = 0; c < columns; c++) to[c] = from[c] * factor[c];
    }
}

// Even and odd rows are summed apart, as addColumnSums does.
template <class Real>
static void gateColumnsBack(int batch, int rows, int columns, const Real* x, const Real* gate, const Real* dy, Real* dx,
                            Real* dGate, bool accumulateX, bool accumulateGate) {
  typedef Lanes<Real> L;
  const ptrdiff_t image = ptrdiff_t(rows) * columns;
  for (int b = 0; b < batch; b++, x += image, dy += image, dx += image, gate += columns, dGate += columns) {
    int c = 0;
    for (; c + 16 <= columns; c += 16) {
      const L factor = L::load(gate + c);
      L even = L::zero(), odd = L::zero();
      const auto row = [&](int r, L& sum) {
        const ptrdiff_t i = ptrdiff_t(r) * columns + c;
        const L d = L::load(dy + i);
        sum += d * L::load(x + i);
        L back = d * factor;
        if (accumulateX) back = L::load(dx + i) + back;
        back.store(dx + i);
      };
      int r = 0;
      for (; r + 2 <= rows; r += 2) row(r, even), row(r + 1, odd);
      if (r < rows) row(r, even);
      const L before = accumulateGate ? L::load(dGate + c) : L::zero();
      (before + (even + odd)).store(dGate + c);
    }
    for (; c < columns; c++) {
      Real sums[2] = {0, 0};
      for (int r = 0; r < rows; r++) {
        const ptrdiff_t i = ptrdiff_t(r) * columns + c;
        sums[r & 1] += dy[i] * x[i];
        dx[i] = (accumulateX ? dx[i] : Real(0)) + dy[i] * gate[c];
      }
      dGate[c] = (accumulateGate ? dGate[c] : Real(0)) + (sums[0] + sums[1]);
    }
  }
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

#if !defined(TRAINLINT_SHIPPED)
template <int kSources, class Real>
static inline Real sumOfSources(const Real* const* sources, ptrdiff_t i) {
  return kSources > 1 ? sources[0][i] + sources[1][i] : sources[0][i];
}

template <class Real, int kSources, int kTargets>
static void streamArrays(ptrdiff_t n, const Real* const* sources, Real* const* targets) {
  const Real* const both[2] = {sources[0], sources[kSources - 1]};
  Real* __restrict a = targets[0];
  Real* __restrict b = kTargets > 1 ? targets[1] : nullptr;
  Real* __restrict c = kTargets > 2 ? targets[2] : nullptr;
  TRAINLINT_INDEPENDENT
  for (ptrdiff_t i = 0; i < n; i++) {
    const Real x = sumOfSources<kSources>(both, i);
    a[i] += x;
    if (kTargets > 1) b[i] += x;
    if (kTargets > 2) c[i] += x;
  }
}

template <class Real>
static Real stream(ptrdiff_t n, int sourceCount, const Real* const* sources, int targetCount, Real* const* targets) {
  if (targetCount == 0) {
    const Real* const a = sources[0];
    const Real* const b = sources[sourceCount - 1];
    if (sourceCount == 1) return sum(n, a);
    return sumOf<Real>(n, [&](ptrdiff_t i) { return Lanes<Real>::load(a + i) + Lanes<Real>::load(b + i); },
                       [&](ptrdiff_t i) { return a[i] + b[i]; });
  }
  const auto loop = sourceCount == 2 ? (targetCount == 1 ? streamArrays<Real, 2, 1> : streamArrays<Real, 2, 2>)
                    : targetCount == 1 ? streamArrays<Real, 1, 1>
                    : targetCount == 2 ? streamArrays<Real, 1, 2>
                                       : streamArrays<Real, 1, 3>;
  loop(n, sources, targets);
  return 0;
}
#endif

template <class Real>
void registerElementwise(Kernels<Real>& k) {
  k.add = add<Real>;
  k.accumulate = accumulate<Real>;
  k.scale = scale<Real>;
  k.multiply = multiply<Real>;
  k.gateColumns = gateColumns<Real>;
  k.gateColumnsBack = gateColumnsBack<Real>;
  k.clamp = clamp<Real>;
  k.sumSquares = sumSquares<Real>;
  k.sumSquaredDifferences = sumSquaredDifferences<Real>;
#if !defined(TRAINLINT_SHIPPED)
  k.stream = stream<Real>;
#endif
}
TRAINLINT_REGISTER(registerElementwise)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
