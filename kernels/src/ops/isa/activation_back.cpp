// The way back through activations.
#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

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
void registerActivationBack(Kernels<Real>& k) {
  k.activateBack = activateBack<Real>;
}
TRAINLINT_REGISTER(registerActivationBack)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
