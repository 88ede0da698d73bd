// Sums in double.
#include "optim/isa/lanes.hpp"
#include "optim/isa/table.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

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
void addSums(OptimLoops<Real>& loops) {
  loops.sum = sum<Real>;
  loops.sumSquares = sumSquares<Real>;
  loops.sumAbs = sumAbs<Real>;
  loops.dot = dot<Real>;
  loops.sumSquaredProducts = sumSquaredProducts<Real>;
  loops.maxAbs = maxAbs<Real>;
}
TRAINLINT_LOOPS(addSums)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
