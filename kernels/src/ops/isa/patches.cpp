// What moves images about for convolutions: a border of zeros, and patches back to where they came from.
#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
static inline void addRun(ptrdiff_t n, const Real* __restrict from, Real* __restrict to) {
  for (ptrdiff_t i = 0; i < n; i++) to[i] += from[i];
}

template <class Real>
static void padImage(const ConvolutionShape& s, const Real* x, Real* padded) {
  const ptrdiff_t run = ptrdiff_t(s.width) * s.channels;
  const ptrdiff_t rowStride = ptrdiff_t(s.width + 2 * s.padding) * s.channels;
  Real* to = padded + s.padding * rowStride + ptrdiff_t(s.padding) * s.channels;
  for (int b = 0; b < s.batch; b++, to += 2 * s.padding * rowStride)
    for (int row = 0; row < s.height; row++, x += run, to += rowStride) {
      const Real* __restrict from = x;
      Real* __restrict into = to;
      for (ptrdiff_t i = 0; i < run; i++) into[i] = from[i];
    }
}

template <class Real>
static void scatterPatches(const ConvolutionShape& s, const Real* dColumns, Real* dx, bool accumulate) {
  const ptrdiff_t run = ptrdiff_t(s.kernel) * s.channels;
  if (!accumulate)
    for (ptrdiff_t i = 0; i < ptrdiff_t(s.batch) * s.height * s.width * s.channels; i++) dx[i] = Real(0);
  for (int b = 0; b < s.batch; b++)
    for (int oy = 0; oy < s.outHeight; oy++)
      for (int ox = 0; ox < s.outWidth; ox++) {
        const int left = ox * s.stride - s.padding;
        for (int ky = 0; ky < s.kernel; ky++, dColumns += run) {
          const int iy = oy * s.stride + ky - s.padding;
          if (iy < 0 || iy >= s.height) continue;
          Real* row = dx + (ptrdiff_t(b) * s.height + iy) * s.width * s.channels;
          const int from = left < 0 ? -left : 0;
          const int to = left + s.kernel > s.width ? s.width - left : s.kernel;
          addRun(ptrdiff_t(to - from) * s.channels, dColumns + ptrdiff_t(from) * s.channels,
                 row + ptrdiff_t(left + from) * s.channels);
        }
      }
}

template <class Real>
void registerPatches(Kernels<Real>& k) {
  k.padImage = padImage<Real>;
  k.scatterPatches = scatterPatches<Real>;
}
TRAINLINT_REGISTER(registerPatches)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
