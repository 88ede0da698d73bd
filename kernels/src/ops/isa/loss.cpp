// Losses with their gradients; totals in double, row by row.
#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static double crossEntropy(ptrdiff_t rows, int columns, const Real* logits, const int32_t* targets, Real gradScale,
                           Real* grad) {
  double total = 0;
  Real* own = grad;
  // Without a gradient to keep, one row of scratch is enough; rows of the proxies are short.
  Real scratch[256];
  for (ptrdiff_t i = 0; i < rows; i++) {
    const Real* __restrict x = logits + i * columns;
    Real* __restrict e = grad ? own + i * columns : scratch;
    const int32_t target = targets[i];
    if (target < 0) {
      if (grad)
        for (int j = 0; j < columns; j++) e[j] = Real(0);
      continue;
    }
    const Real most = largest(columns, x);
    Real z;
    if (grad || columns <= 256) {
      for (int j = 0; j < columns; j++) e[j] = exponential(x[j] - most);
      z = sum(columns, e);
    } else {
      z = 0;
      for (int j = 0; j < columns; j++) z += exponential(x[j] - most);
    }
    total += logarithm(double(z)) - double(x[target] - most);
    if (!grad) continue;
    const Real factor = gradScale / z;
    for (int j = 0; j < columns; j++) e[j] *= factor;
    e[target] -= gradScale;
  }
  return total;
}

template <class Real>
static double squaredError(ptrdiff_t n, const Real* x, const Real* target, Real gradScale, Real* grad) {
  double total = 0;
  const Real factor = gradScale + gradScale;
  for (ptrdiff_t i = 0; i < n; i++) {
    const Real d = x[i] - target[i];
    total += double(d) * double(d);
    if (grad) grad[i] = factor * d;
  }
  return total;
}

// softplus(-x) = max(-x, 0) + log(1 + exp(-|x|)), as torch computes it.
template <class Real>
static double logisticLoss(ptrdiff_t n, const Real* x, const Real* target, Real positiveWeight, Real gradScale,
                           Real* grad) {
  double total = 0;
  for (ptrdiff_t i = 0; i < n; i++) {
    const Real v = x[i], t = target[i];
    const Real e = exponential(-absolute(v));
    const Real tail = logarithm(Real(1) + e);
    const Real plusNegative = (v < Real(0) ? -v : Real(0)) + tail;  // softplus(-x)
    const Real plusPositive = (v < Real(0) ? Real(0) : v) + tail;   // softplus(x)
    total += double(positiveWeight * t * plusNegative + (Real(1) - t) * plusPositive);
    if (!grad) continue;
    const Real p = v < Real(0) ? e / (Real(1) + e) : Real(1) / (Real(1) + e);
    grad[i] = gradScale * ((Real(1) - t) * p - positiveWeight * t * (Real(1) - p));
  }
  return total;
}

template <class Real>
void registerLoss(Kernels<Real>& k) {
  k.crossEntropy = crossEntropy<Real>;
  k.squaredError = squaredError<Real>;
  k.logisticLoss = logisticLoss<Real>;
}
TRAINLINT_REGISTER(registerLoss)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
