// Group normalisation (Wu and He 2018), eps 1e-5 as in torch.nn.GroupNorm. Sums in double, element by element.
#include "ops/isa/registry.hpp"

#if !defined(TRAINLINT_SHIPPED)
namespace trainlint {
namespace TRAINLINT_ISA {

// Visits the elements of one group: `visit(place, column)`.
template <class Visit>
static inline void eachOf(int rows, int columns, int first, int width, Visit visit) {
  for (int r = 0; r < rows; r++)
    for (int c = first; c < first + width; c++) visit(ptrdiff_t(r) * columns + c, c);
}

template <class Real>
static void groupNorm(int batch, int rows, int columns, int groups, const Real* x, const Real* gain, const Real* offset,
                      Real* y, Real* normalized, Real* inverseDeviation) {
  const int width = columns / groups;
  const double count = double(rows) * width;
  for (int b = 0; b < batch; b++)
    for (int g = 0; g < groups; g++) {
      const ptrdiff_t start = ptrdiff_t(b) * rows * columns;
      double sum = 0, squares = 0;
      eachOf(rows, columns, g * width, width, [&](ptrdiff_t i, int) { sum += double(x[start + i]); });
      const Real mean = Real(sum / count);
      eachOf(rows, columns, g * width, width, [&](ptrdiff_t i, int) {
        const double d = double(x[start + i] - mean);
        squares += d * d;
      });
      const Real inverse = Real(1) / squareRoot(Real(squares / count) + Real(1e-5));
      inverseDeviation[b * groups + g] = inverse;
      eachOf(rows, columns, g * width, width, [&](ptrdiff_t i, int c) {
        const Real h = (x[start + i] - mean) * inverse;
        normalized[start + i] = h;
        y[start + i] = h * gain[c] + offset[c];
      });
    }
}

// dx = (e - mean(e) - h mean(e h)) / deviation with e = dy gain
template <class Real>
static void groupNormBack(int batch, int rows, int columns, int groups, const Real* dy, const Real* normalized,
                          const Real* inverseDeviation, const Real* gain, Real* dx, Real* dGain, Real* dOffset,
                          bool accumulate) {
  const int width = columns / groups;
  const double count = double(rows) * width;
  for (int b = 0; b < batch; b++)
    for (int g = 0; g < groups; g++) {
      const ptrdiff_t start = ptrdiff_t(b) * rows * columns;
      double sum = 0, products = 0;
      eachOf(rows, columns, g * width, width, [&](ptrdiff_t i, int c) {
        const Real d = dy[start + i], h = normalized[start + i];
        sum += double(d * gain[c]);
        products += double(d * gain[c] * h);
        dGain[c] += d * h;
        dOffset[c] += d;
      });
      const Real mean = Real(sum / count), slope = Real(products / count), inverse = inverseDeviation[b * groups + g];
      eachOf(rows, columns, g * width, width, [&](ptrdiff_t i, int c) {
        const Real d = inverse * ((dy[start + i] * gain[c] - mean) - normalized[start + i] * slope);
        dx[start + i] = accumulate ? dx[start + i] + d : d;
      });
    }
}

template <class Real>
void registerGroupNorm(Kernels<Real>& k) {
  k.groupNorm = groupNorm<Real>;
  k.groupNormBack = groupNormBack<Real>;
}
TRAINLINT_REGISTER(registerGroupNorm)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
#endif
