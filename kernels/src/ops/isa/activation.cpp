// Activations and their derivatives. GELU in its tanh form (Hendrycks and Gimpel 2016, eq. 2), as GPT-2 has it.
#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real, class F>
static inline void map(ptrdiff_t n, const Real* __restrict x, Real* __restrict y, F f) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = f(x[i]);
}

// .5 x (1 + tanh(u)) = x logistic(2u), u = c (x + .044715 x^3). The derivative comes almost free with the value and is
// kept for the way back, if there is one.
template <class Real>
static void gelu(ptrdiff_t n, const Real* __restrict x, Real* __restrict y, Real* __restrict derivative) {
  const Real c = Real(2 * .7978845608028654);
  const auto gate = [=](Real v) { return logistic(c * (v + Real(.044715) * (v * v * v))); };
  if (!derivative) return map(n, x, y, [=](Real v) { return v * gate(v); });
  TRAINLINT_INDEPENDENT
  for (ptrdiff_t i = 0; i < n; i++) {
    const Real v = x[i], s = gate(v);
    y[i] = v * s;
    derivative[i] = s + (v * s) * ((Real(1) - s) * (c * (Real(1) + Real(.134145) * (v * v))));
  }
}

template <class Real>
static void silu(ptrdiff_t n, const Real* __restrict x, Real* __restrict y, Real* __restrict derivative) {
  if (!derivative) return map(n, x, y, [](Real v) { return v * logistic(v); });
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
    case Activation::tanh: return map(n, x, y, [](Real v) { return hyperbolicTangent(v); });
    case Activation::sigmoid: return map(n, x, y, [](Real v) { return logistic(v); });
    case Activation::silu: return silu(n, x, y, derivative);
    case Activation::gelu: return gelu(n, x, y, derivative);
  }
}

template <class Real, class F>
static inline void mapBack(ptrdiff_t n, const Real* __restrict y, const Real* __restrict dy, Real* __restrict dx,
                           bool accumulate, F slopeAt) {
  if (accumulate)
    for (ptrdiff_t i = 0; i < n; i++) dx[i] += dy[i] * slopeAt(y[i]);
  else
    for (ptrdiff_t i = 0; i < n; i++) dx[i] = dy[i] * slopeAt(y[i]);
}

template <class Real>
static void activateBack(Activation kind, Real slope, ptrdiff_t n, const Real* y, const Real* derivative, const Real* dy,
                         Real* dx, bool accumulate) {
  switch (kind) {
    case Activation::relu:
      return mapBack(n, y, dy, dx, accumulate, [](Real v) { return v > Real(0) ? Real(1) : Real(0); });
    case Activation::leakyRelu:
      return mapBack(n, y, dy, dx, accumulate, [=](Real v) { return v < Real(0) ? slope : Real(1); });
    case Activation::tanh: return mapBack(n, y, dy, dx, accumulate, [](Real v) { return Real(1) - v * v; });
    case Activation::sigmoid: return mapBack(n, y, dy, dx, accumulate, [](Real v) { return v * (Real(1) - v); });
    case Activation::silu:
    case Activation::gelu: return mapBack(n, derivative, dy, dx, accumulate, [](Real d) { return d; });
  }
}

template <class Real>
void registerActivation(Kernels<Real>& k) {
  k.activate = activate<Real>;
  k.activateBack = activateBack<Real>;
}
TRAINLINT_REGISTER(registerActivation)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
