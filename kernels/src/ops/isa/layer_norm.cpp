// Layer normalisation (Ba et al. 2016), eps 1e-5 as in torch.nn.LayerNorm.
#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static void layerNorm(ptrdiff_t rows, int columns, const Real* x, const Real* gain, const Real* offset, Real* y,
                      Real* normalized, Real* inverseDeviation) {
  const Real count = Real(columns);
  for (ptrdiff_t i = 0; i < rows; i++) {
    const Real* row = x + i * columns;
    const Real mean = sum(columns, row) / count;
    const Real squares = sumOf<Real>(
        columns,
        [&](ptrdiff_t j) {
          const Lanes<Real> d = Lanes<Real>::load(row + j) - mean;
          return d * d;
        },
        [&](ptrdiff_t j) { return (row[j] - mean) * (row[j] - mean); });
    const Real inverse = Real(1) / squareRoot(squares / count + Real(1e-5));
    inverseDeviation[i] = inverse;
    Real* __restrict h = normalized + i * columns;
    Real* __restrict out = y + i * columns;
    for (int j = 0; j < columns; j++) {
      const Real v = (row[j] - mean) * inverse;
      h[j] = v;
      out[j] = v * gain[j] + offset[j];
    }
  }
}

// dx = (g - mean(g) - h mean(g h)) / deviation with g = dy gain
template <class Real>
static void layerNormBack(ptrdiff_t rows, int columns, const Real* dy, const Real* normalized,
                          const Real* inverseDeviation, const Real* gain, Real* dx, Real* dGain, Real* dOffset,
                          bool accumulate) {
  const Real count = Real(columns);
  for (ptrdiff_t i = 0; i < rows; i++) {
    const Real* __restrict d = dy + i * columns;
    const Real* __restrict h = normalized + i * columns;
    const Real meanG = dot(columns, d, gain) / count;
    const Real meanGh = sumOf<Real>(
                            columns,
                            [&](ptrdiff_t j) {
                              return Lanes<Real>::load(d + j) * Lanes<Real>::load(gain + j) * Lanes<Real>::load(h + j);
                            },
                            [&](ptrdiff_t j) { return d[j] * gain[j] * h[j]; }) /
                        count;
    const Real inverse = inverseDeviation[i];
    Real* __restrict out = dx + i * columns;
    if (accumulate)
      for (int j = 0; j < columns; j++) out[j] += inverse * ((d[j] * gain[j] - meanG) - h[j] * meanGh);
    else
      for (int j = 0; j < columns; j++) out[j] = inverse * ((d[j] * gain[j] - meanG) - h[j] * meanGh);
    for (int j = 0; j < columns; j++) {
      dGain[j] += d[j] * h[j];
      dOffset[j] += d[j];
    }
  }
}

template <class Real>
void registerLayerNorm(Kernels<Real>& k) {
  k.layerNorm = layerNorm<Real>;
  k.layerNormBack = layerNormBack<Real>;
}
TRAINLINT_REGISTER(registerLayerNorm)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
