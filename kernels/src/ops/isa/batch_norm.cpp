// The loops of batch normalisation: statistics and elementwise work by column (channel). With fewer than sixteen
// channels several rows share one run of sixteen lanes.
#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

static constexpr int kMaxColumns = 512;
// Lanes are summed in the working precision over this many runs, then in double.
static constexpr int kRunsPerBlock = 64;

static inline bool sharesRuns(int columns) { return columns < 16 && 16 % columns == 0; }

// out[c] = sum over rows of term(row*columns + c), in double. block(i): terms i ... i+15.
template <class Real, class Block, class Term>
static inline void sumColumns(ptrdiff_t rows, int columns, double* out, Block block, Term term) {
  for (int c = 0; c < columns; c++) out[c] = 0;
  const ptrdiff_t n = rows * columns;
  const auto sweep = [&](ptrdiff_t start, ptrdiff_t step, ptrdiff_t end, double* into) {
    Real lanes[16];
    for (ptrdiff_t i = start; i < end;) {
      Lanes<Real> s = Lanes<Real>::zero();
      for (int run = 0; run < kRunsPerBlock && i < end; run++, i += step) s += block(i);
      s.store(lanes);
      for (int k = 0; k < 16; k++) into[k] += double(lanes[k]);
    }
  };
  if (sharesRuns(columns)) {
    double shared[16] = {};
    const ptrdiff_t whole = n / 16 * 16;
    sweep(0, 16, whole, shared);
    for (int k = 0; k < 16; k++) out[k % columns] += shared[k];
    for (ptrdiff_t i = whole; i < n; i++) out[i % columns] += double(term(i));
    return;
  }
  int c = 0;
  for (; c + 16 <= columns; c += 16) sweep(c, columns, n, out + c);
  for (; c < columns; c++)
    for (ptrdiff_t i = c; i < n; i += columns) out[c] += double(term(i));
}

template <class Real>
static void columnMoments(ptrdiff_t rows, int columns, const Real* x, double* mean, double* variance) {
  sumColumns<Real>(rows, columns, mean, [&](ptrdiff_t i) { return Lanes<Real>::load(x + i); },
                   [&](ptrdiff_t i) { return x[i]; });
  // Second pass about the mean: no cancellation.
  Real centre[kMaxColumns + 16];
  for (int c = 0; c < columns; c++) {
    mean[c] /= double(rows);
    centre[c] = Real(mean[c]);
  }
  if (sharesRuns(columns))
    for (int k = columns; k < 16; k++) centre[k] = centre[k % columns];
  const bool shared = sharesRuns(columns);
  sumColumns<Real>(
      rows, columns, variance,
      [&](ptrdiff_t i) {
        const Lanes<Real> v = Lanes<Real>::load(x + i), m = Lanes<Real>::load(centre + (shared ? 0 : i % columns));
        Lanes<Real> d;
        for (int k = 0; k < Lanes<Real>::parts; k++) d.part[k] = v.part[k] - m.part[k];
        return d * d;
      },
      [&](ptrdiff_t i) {
        const Real d = x[i] - centre[i % columns];
        return d * d;
      });
  for (int c = 0; c < columns; c++) variance[c] /= double(rows);
}

// Repeats per-column numbers to a run of sixteen; returns the run's length.
template <class Real>
static inline int spread(int columns, const Real* values, Real* out) {
  const int period = sharesRuns(columns) ? 16 : columns;
  for (int k = 0; k < period; k++) out[k] = values[k % columns];
  return period;
}

template <class Real>
static void normalizeColumns(ptrdiff_t rows, int columns, const Real* x, const Real* mean, const Real* inverse,
                             const Real* gain, const Real* offset, Real* normalized, Real* y) {
  Real m[kMaxColumns], v[kMaxColumns], g[kMaxColumns], o[kMaxColumns];
  const int period = spread(columns, mean, m);
  spread(columns, inverse, v);
  spread(columns, gain, g);
  spread(columns, offset, o);
  const ptrdiff_t n = rows * columns;
  for (ptrdiff_t start = 0; start < n; start += period) {
    const int here = n - start < period ? int(n - start) : period;
    const Real* __restrict from = x + start;
    Real* __restrict to = y + start;
    if (normalized) {
      Real* __restrict h = normalized + start;
      TRAINLINT_INDEPENDENT
      for (int k = 0; k < here; k++) {
        h[k] = (from[k] - m[k]) * v[k];
        to[k] = h[k] * g[k] + o[k];
      }
    } else {
      for (int k = 0; k < here; k++) to[k] = ((from[k] - m[k]) * v[k]) * g[k] + o[k];
    }
  }
}

template <class Real>
static void columnGradients(ptrdiff_t rows, int columns, const Real* dy, const Real* normalized, double* sums,
                            double* products) {
  sumColumns<Real>(rows, columns, sums, [&](ptrdiff_t i) { return Lanes<Real>::load(dy + i); },
                   [&](ptrdiff_t i) { return dy[i]; });
  sumColumns<Real>(
      rows, columns, products,
      [&](ptrdiff_t i) { return Lanes<Real>::load(dy + i) * Lanes<Real>::load(normalized + i); },
      [&](ptrdiff_t i) { return dy[i] * normalized[i]; });
}

template <class Real>
static void batchNormBack(ptrdiff_t rows, int columns, const Real* dy, const Real* normalized, const Real* factor,
                          const Real* meanDy, const Real* meanProduct, Real* dx, bool accumulate) {
  Real f[kMaxColumns], a[kMaxColumns], b[kMaxColumns];
  const int period = spread(columns, factor, f);
  spread(columns, meanDy, a);
  spread(columns, meanProduct, b);
  const ptrdiff_t n = rows * columns;
  for (ptrdiff_t start = 0; start < n; start += period) {
    const int here = n - start < period ? int(n - start) : period;
    const Real* __restrict d = dy + start;
    const Real* __restrict h = normalized + start;
    Real* __restrict to = dx + start;
    if (accumulate)
      for (int k = 0; k < here; k++) to[k] += f[k] * ((d[k] - a[k]) - h[k] * b[k]);
    else
      for (int k = 0; k < here; k++) to[k] = f[k] * ((d[k] - a[k]) - h[k] * b[k]);
  }
}

template <class Real>
void registerBatchNorm(Kernels<Real>& k) {
  k.columnMoments = columnMoments<Real>;
  k.normalizeColumns = normalizeColumns<Real>;
  k.columnGradients = columnGradients<Real>;
  k.batchNormBack = batchNormBack<Real>;
}
TRAINLINT_REGISTER(registerBatchNorm)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
