// Squares of a matrix summed by rows and by columns, and the update that the two averages give back.
#include "optim/isa/lanes.hpp"
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static inline double squareOf(Real x) {
  return static_cast<double>(x) * static_cast<double>(x);
}

template <class Real>
static double meanSquare(const Real* x, size_t n) {
  return accumulateShort<Real>(n, [x](auto i) { return at(x, i) * at(x, i); }) / static_cast<double>(n);
}

// Columns are summed like rows: eight rows in the elements' own precision, in `partial`, before they go to double.
template <class Real>
static void sumMatrixSquares(const Real* __restrict g, size_t rows, size_t columns, double* __restrict rowSums,
                             double* __restrict columnSums, Real* __restrict partial) {
  for (size_t i = 0; i < columns; i++) columnSums[i] = 0;
  for (size_t first = 0; first < rows; first += kShortLanes) {
    const size_t last = rows - first < kShortLanes ? rows : first + kShortLanes;
    for (size_t i = 0; i < columns; i++) partial[i] = 0;
    for (size_t row = first; row < last; row++, g += columns)
      rowSums[row] = accumulateShort<Real>(columns, [&](auto i) {
        const auto square = at(g, i) * at(g, i);
        put(partial, i, at(partial, i) + square);
        return square;
      });
    for (size_t i = 0; i < columns; i++) columnSums[i] += static_cast<double>(partial[i]);
  }
}

template <class Real>
static void averageSums(Real* __restrict average, const double* __restrict sums, double share, double added,
                        double keep, double gain, size_t n) {
  for (size_t i = 0; i < n; i++)
    average[i] = Real(keep * static_cast<double>(average[i]) + gain * (sums[i] * share + added));
}

template <class Real>
static void inverseRoots(Real* __restrict y, const Real* __restrict x, Real divisor, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = 1 / squareRoot(x[i] / divisor);
}

// Root by root: where a row or a column never saw a gradient, the product of the two variances underflows.
template <class Value, class Real>
static inline Value updateOf(Value g, Real rowInverse, Value columnInverse, Real most) {
  const Value inverse = rowInverse * columnInverse;
  return g * (inverse > most ? most + Value{} : inverse);
}

template <class Real>
static double factoredSquares(const Real* __restrict g, const Real* __restrict rowInverses,
                              const Real* __restrict columnInverses, Real most, size_t rows, size_t columns) {
  ShortSum<Real> sum;
  for (size_t row = 0; row < rows; row++, g += columns) {
    const Real rowInverse = rowInverses[row];
    for (size_t start = 0; start < columns; start += kStretch)
      sum.addStretch(columns - start < kStretch ? columns - start : kStretch, [&](auto i) {
        const auto update = updateOf(at(g + start, i), rowInverse, at(columnInverses + start, i), most);
        return update * update;
      });
  }
  return sum.total();
}

template <class Real>
static void factoredUpdate(Real* __restrict update, const Real* __restrict g, const Real* __restrict rowInverses,
                           const Real* __restrict columnInverses, Real most, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++, g += columns, update += columns)
    for (size_t i = 0; i < columns; i++) update[i] = updateOf(g[i], rowInverses[row], columnInverses[i], most);
}

template <class Real>
static void factoredStep(Real* __restrict p, const Real* __restrict g, const Real* __restrict rowInverses,
                         const Real* __restrict columnInverses, Real most, Real shrink, Real step, size_t rows,
                         size_t columns) {
  for (size_t row = 0; row < rows; row++, g += columns, p += columns) {
    const Real rowInverse = rowInverses[row];
    for (size_t i = 0; i < columns; i++)
      p[i] = p[i] * shrink + step * updateOf(g[i], rowInverse, columnInverses[i], most);
  }
}

template <class Real>
static void rootUpdate(Real* __restrict update, const Real* __restrict g, Real* __restrict variance, double keep,
                       double gain, double added, Real floor, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const Real now = Real(keep * static_cast<double>(variance[i]) + gain * (squareOf(g[i]) + added));
    variance[i] = now;
    update[i] = g[i] / squareRoot(now < floor ? floor : now);
  }
}

template <class Real>
void addAdafactor(OptimLoops<Real>& loops) {
  loops.meanSquare = meanSquare<Real>;
  loops.sumMatrixSquares = sumMatrixSquares<Real>;
  loops.averageSums = averageSums<Real>;
  loops.inverseRoots = inverseRoots<Real>;
  loops.factoredSquares = factoredSquares<Real>;
  loops.factoredUpdate = factoredUpdate<Real>;
  loops.factoredStep = factoredStep<Real>;
  loops.rootUpdate = rootUpdate<Real>;
}
TRAINLINT_LOOPS(addAdafactor)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
