// The loops of batch normalisation: statistics and elementwise work by column (channel). With fewer than sixteen
// channels several rows share one run of sixteen lanes.
#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

static constexpr int kMaxColumns = 512;
// Lanes are summed in the working precision over this many runs, then in double.
static constexpr int kRunsPerBlock = 64;

static inline bool sharesRuns(int columns) { return columns < 16 && 16 % columns == 0; }

// out[q][c] = sum over rows of term(row*columns + c, q) for several quantities q in one pass, in double.
// block(i, c, sums) adds terms i ... i+15, which begin at column c, of each quantity to its sum.
template <int Quantities, class Real, class Block, class Term>
static inline void sumColumns(ptrdiff_t rows, int columns, double* const (&out)[Quantities], Block block, Term term) {
  for (double* to : out)
    for (int c = 0; c < columns; c++) to[c] = 0;
  const ptrdiff_t n = rows * columns;
  const auto sweep = [&](ptrdiff_t start, ptrdiff_t step, ptrdiff_t end, double* const (&into)[Quantities]) {
    Real lanes[16];
    for (ptrdiff_t i = start; i < end;) {
      Lanes<Real> s[Quantities];
      for (auto& one : s) one = Lanes<Real>::zero();
      for (int run = 0; run < kRunsPerBlock && i < end; run++, i += step) block(i, start, s);
      for (int q = 0; q < Quantities; q++) {
        s[q].store(lanes);
        for (int k = 0; k < 16; k++) into[q][k] += double(lanes[k]);
      }
    }
  };
  if (sharesRuns(columns)) {
    double shared[Quantities][16] = {};
    double* into[Quantities];
    for (int q = 0; q < Quantities; q++) into[q] = shared[q];
    const ptrdiff_t whole = n / 16 * 16;
    sweep(0, 16, whole, into);
    for (int q = 0; q < Quantities; q++) {
      for (int k = 0; k < 16; k++) out[q][k % columns] += shared[q][k];
      for (ptrdiff_t i = whole; i < n; i++) out[q][i % columns] += double(term(i, q));
    }
    return;
  }
  int c = 0;
  for (; c + 16 <= columns; c += 16) {
    double* into[Quantities];
    for (int q = 0; q < Quantities; q++) into[q] = out[q] + c;
    sweep(c, columns, n, into);
  }
  for (; c < columns; c++)
    for (int q = 0; q < Quantities; q++)
      for (ptrdiff_t i = c; i < n; i += columns) out[q][c] += double(term(i, q));
}

// A column's numbers, repeated to a run of sixteen where columns share one.
template <class Real>
struct PerColumn {
  Real values[kMaxColumns];
  int period;

  TRAINLINT_APART PerColumn(int columns, const Real* from) : period(sharesRuns(columns) ? 16 : columns) {
    for (int k = 0; k < period; k++) values[k] = from[k % columns];
  }
  // `start`: the first column of a block of sixteen
  Lanes<Real> at(ptrdiff_t start) const { return Lanes<Real>::load(values + (period == 16 ? 0 : start)); }
};

// Calls block(i, c) for every run of sixteen elements i ... of columns c ..., rest(i, c) for what does not fill one.
template <class Block, class Rest>
static inline void forEachRun(ptrdiff_t rows, int columns, Block block, Rest rest) {
  const ptrdiff_t n = rows * columns;
  if (sharesRuns(columns)) {
    ptrdiff_t i = 0;
    for (; i + 16 <= n; i += 16) block(i, 0);
    for (; i < n; i++) rest(i, int(i % columns));
    return;
  }
  for (ptrdiff_t start = 0; start < n; start += columns) {
    int c = 0;
    for (; c + 16 <= columns; c += 16) block(start + c, c);
    for (; c < columns; c++) rest(start + c, c);
  }
}

template <class Real>
static void columnMoments(ptrdiff_t rows, int columns, const Real* x, double* mean, double* variance) {
  typedef Lanes<Real> L;
  sumColumns<1, Real>(rows, columns, {mean}, [&](ptrdiff_t i, ptrdiff_t, L(&sums)[1]) { sums[0] += L::load(x + i); },
                      [&](ptrdiff_t i, int) { return x[i]; });
  // Second pass about the mean: no cancellation.
  Real centre[kMaxColumns] = {};  // g++ does not see that all that is read is set
  for (int c = 0; c < columns; c++) {
    mean[c] /= double(rows);
    centre[c] = Real(mean[c]);
  }
  const PerColumn<Real> centres(columns, centre);
  sumColumns<1, Real>(
      rows, columns, {variance},
      [&](ptrdiff_t i, ptrdiff_t c, L(&sums)[1]) {
        const L d = L::load(x + i) - centres.at(c);
        sums[0] += d * d;
      },
      [&](ptrdiff_t i, int) {
        const Real d = x[i] - centre[i % columns];
        return d * d;
      });
  for (int c = 0; c < columns; c++) variance[c] /= double(rows);
}

template <class Real>
static void normalizeColumns(ptrdiff_t rows, int columns, const Real* x, const Real* mean, const Real* inverse,
                             const Real* gain, const Real* offset, Real* y) {
  typedef Lanes<Real> L;
  const PerColumn<Real> m(columns, mean), v(columns, inverse), g(columns, gain), o(columns, offset);
  forEachRun(
      rows, columns,
      [&](ptrdiff_t i, int c) { ((L::load(x + i) - m.at(c)) * v.at(c) * g.at(c) + o.at(c)).store(y + i); },
      [&](ptrdiff_t i, int c) { y[i] = (x[i] - mean[c]) * inverse[c] * gain[c] + offset[c]; });
}

template <class Real>
static void columnGradients(ptrdiff_t rows, int columns, const Real* dy, const Real* x, const Real* mean,
                            const Real* inverse, double* sums, double* products) {
  typedef Lanes<Real> L;
  const PerColumn<Real> m(columns, mean), v(columns, inverse);
  sumColumns<2, Real>(
      rows, columns, {sums, products},
      [&](ptrdiff_t i, ptrdiff_t c, L(&into)[2]) {
        const L d = L::load(dy + i);
        into[0] += d;
        into[1] += d * ((L::load(x + i) - m.at(c)) * v.at(c));
      },
      [&](ptrdiff_t i, int quantity) {
        const ptrdiff_t c = i % columns;
        return quantity == 0 ? dy[i] : dy[i] * ((x[i] - mean[c]) * inverse[c]);
      });
}

template <class Real>
static void batchNormBack(ptrdiff_t rows, int columns, const Real* dy, const Real* x, const Real* mean,
                          const Real* inverse, const Real* factor, const Real* meanDy, const Real* meanProduct, Real* dx,
                          bool accumulate) {
  typedef Lanes<Real> L;
  const PerColumn<Real> m(columns, mean), v(columns, inverse), f(columns, factor), a(columns, meanDy),
      b(columns, meanProduct);
  const auto block = [&](ptrdiff_t i, int c) {
    const L h = (L::load(x + i) - m.at(c)) * v.at(c);
    return f.at(c) * ((L::load(dy + i) - a.at(c)) - h * b.at(c));
  };
  const auto rest = [&](ptrdiff_t i, int c) {
    return factor[c] * ((dy[i] - meanDy[c]) - (x[i] - mean[c]) * inverse[c] * meanProduct[c]);
  };
  if (accumulate)
    forEachRun(
        rows, columns, [&](ptrdiff_t i, int c) { (L::load(dx + i) + block(i, c)).store(dx + i); },
        [&](ptrdiff_t i, int c) { dx[i] += rest(i, c); });
  else
    forEachRun(
        rows, columns, [&](ptrdiff_t i, int c) { block(i, c).store(dx + i); },
        [&](ptrdiff_t i, int c) { dx[i] = rest(i, c); });
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
