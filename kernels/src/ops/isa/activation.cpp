// Activations, with their derivatives where these come almost free. GELU in its tanh form (Hendrycks and Gimpel 2016, eq. 2), as GPT-2 has it.
#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real, class F>
static inline void map(ptrdiff_t n, const Real* __restrict x, Real* __restrict y, F f) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = f(x[i]);
}

template <class Real>
void logisticOf(ptrdiff_t n, const Real* x, Real* y) {
  TRAINLINT_INDEPENDENT
  for (ptrdiff_t i = 0; i < n; i++) y[i] = logistic(x[i]);
}

template <class Real>
void tanhOf(ptrdiff_t n, const Real* x, Real* y) {
  TRAINLINT_INDEPENDENT
  for (ptrdiff_t i = 0; i < n; i++) y[i] = hyperbolicTangent(x[i]);
}

// Calls f(x, y, derivative, n) for stretches of the arrays. Where nobody keeps the derivative, which comes almost free
// with the value, it goes to scratch: one loop serves both.
template <class Real, class F>
static inline void withDerivative(ptrdiff_t n, const Real* x, Real* y, Real* derivative, F f) {
  if (derivative) return f(x, y, derivative, n);
  constexpr ptrdiff_t kStretch = 256;
  Real scratch[kStretch];
  for (ptrdiff_t i = 0; i < n; i += kStretch) f(x + i, y + i, scratch, n - i < kStretch ? n - i : kStretch);
}

// .5 x (1 + tanh(u)) = x logistic(2u), u = c (x + .044715 x^3)
template <class Real>
TRAINLINT_APART static void gelu(const Real* __restrict x, Real* __restrict y, Real* __restrict derivative,
                                 ptrdiff_t n) {
  const Real c = Real(2 * .7978845608028654);
  TRAINLINT_INDEPENDENT
  for (ptrdiff_t i = 0; i < n; i++) {
    const Real v = x[i], s = logistic(c * (v + Real(.044715) * (v * v * v)));
    y[i] = v * s;
    derivative[i] = s + (v * s) * ((Real(1) - s) * (c * (Real(1) + Real(.134145) * (v * v))));
  }
}

template <class Real>
TRAINLINT_APART static void silu(const Real* __restrict x, Real* __restrict y, Real* __restrict derivative,
                                 ptrdiff_t n) {
  TRAINLINT_INDEPENDENT
  for (ptrdiff_t i = 0; i < n; i++) {
    const Real s = logistic(x[i]);
    y[i] = x[i] * s;
    derivative[i] = s + (x[i] * s) * (Real(1) - s);
  }
}

template <class Real>
static void activate(Activation kind, Real slope, ptrdiff_t n, const Real* x, Real* y, Real* derivative) {
  switch (kind) {
    case Activation::relu: return map(n, x, y, [](Real v) { return v < Real(0) ? Real(0) : v; });
    case Activation::leakyRelu: return map(n, x, y, [=](Real v) { return v < Real(0) ? v * slope : v; });
    case Activation::tanh: return tanhOf(n, x, y);
    case Activation::sigmoid: return logisticOf(n, x, y);
    case Activation::silu: return withDerivative(n, x, y, derivative, silu<Real>);
    case Activation::gelu: return withDerivative(n, x, y, derivative, gelu<Real>);
  }
}

template <class Real>
void registerActivation(Kernels<Real>& k) {
  k.activate = activate<Real>;
}
TRAINLINT_REGISTER(registerActivation)

#define TRAINLINT_INSTANTIATE(REAL)                                \
  template void logisticOf<REAL>(ptrdiff_t, const REAL*, REAL*); \
  template void tanhOf<REAL>(ptrdiff_t, const REAL*, REAL*);
TRAINLINT_INSTANTIATE(float)
#if TRAINLINT_FLOAT64_LOOPS
TRAINLINT_INSTANTIATE(double)
#endif

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
