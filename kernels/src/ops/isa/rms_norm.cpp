// Root-mean-square normalisation (Zhang and Sennrich 2019): y = x / sqrt(mean(x^2) + 1e-6) * gain, as T5 has it.
#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void rmsNorm(ptrdiff_t rows, int columns, const Real* x, const Real* gain, Real* y, Real* normalized,
                    Real* inverse) {
  for (ptrdiff_t i = 0; i < rows; i++) {
    const Real* row = x + i * columns;
    const Real scale = Real(1) / squareRoot(dot(columns, row, row) / Real(columns) + Real(1e-6));
    inverse[i] = scale;
    Real* __restrict h = normalized + i * columns;
    Real* __restrict out = y + i * columns;
    for (int j = 0; j < columns; j++) {
      h[j] = row[j] * scale;
      out[j] = h[j] * gain[j];
    }
  }
}

// dx = (g - h mean(g h)) / rms with g = dy gain
template <class Real>
static void rmsNormBack(ptrdiff_t rows, int columns, const Real* dy, const Real* normalized, const Real* inverse,
                        const Real* gain, Real* dx, Real* dGain, bool accumulate) {
  for (ptrdiff_t i = 0; i < rows; i++) {
    const Real* __restrict d = dy + i * columns;
    const Real* __restrict h = normalized + i * columns;
    const Real mean = sumOf<Real>(
                          columns,
                          [&](ptrdiff_t j) {
                            return Lanes<Real>::load(d + j) * Lanes<Real>::load(gain + j) * Lanes<Real>::load(h + j);
                          },
                          [&](ptrdiff_t j) { return d[j] * gain[j] * h[j]; }) /
                      Real(columns);
    const Real scale = inverse[i];
    Real* __restrict out = dx + i * columns;
    if (accumulate)
      for (int j = 0; j < columns; j++) out[j] += scale * (d[j] * gain[j] - h[j] * mean);
    else
      for (int j = 0; j < columns; j++) out[j] = scale * (d[j] * gain[j] - h[j] * mean);
    for (int j = 0; j < columns; j++) dGain[j] += d[j] * h[j];
  }
}

template <class Real>
void registerRmsNorm(Kernels<Real>& k) {
  k.rmsNorm = rmsNorm<Real>;
  k.rmsNormBack = rmsNormBack<Real>;
}
TRAINLINT_REGISTER(registerRmsNorm)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
