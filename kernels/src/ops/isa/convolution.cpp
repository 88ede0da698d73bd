// Convolutions over [batch, height, width, channel]. The ordinary one gathers the patches of the whole batch into a
// matrix and multiplies (ops/convolution.hpp); only moving the patches happens here. Depthwise runs directly.
#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

// Runs are short (a few channels times the kernel's width): sixteen numbers at a time, then sixteen bytes.
template <class Real>
static inline void copyRun(ptrdiff_t n, const Real* __restrict from, Real* __restrict to) {
  typedef typename VectorOf<Real, 16>::type Small;
  constexpr ptrdiff_t step = 16 / ptrdiff_t(sizeof(Real));
  ptrdiff_t i = 0;
  for (; i + 16 <= n; i += 16) Lanes<Real>::load(from + i).store(to + i);
  for (; i + step <= n; i += step) *(Small*)(to + i) = *(const Small*)(from + i);
  for (; i < n; i++) to[i] = from[i];
}

template <class Real>
static inline void addRun(ptrdiff_t n, const Real* __restrict from, Real* __restrict to) {
  for (ptrdiff_t i = 0; i < n; i++) to[i] += from[i];
}

template <class Real>
static void gatherPatches(const ConvolutionShape& s, const Real* x, Real* columns) {
  const ptrdiff_t run = ptrdiff_t(s.kernel) * s.channels;
  for (int b = 0; b < s.batch; b++)
    for (int oy = 0; oy < s.outHeight; oy++)
      for (int ox = 0; ox < s.outWidth; ox++) {
        const int left = ox * s.stride - s.padding;
        for (int ky = 0; ky < s.kernel; ky++, columns += run) {
          const int iy = oy * s.stride + ky - s.padding;
          if (iy < 0 || iy >= s.height) {
            for (ptrdiff_t i = 0; i < run; i++) columns[i] = Real(0);
            continue;
          }
          const Real* row = x + (ptrdiff_t(b) * s.height + iy) * s.width * s.channels;
          const int from = left < 0 ? -left : 0;
          const int to = left + s.kernel > s.width ? s.width - left : s.kernel;
          for (ptrdiff_t i = 0; i < ptrdiff_t(from) * s.channels; i++) columns[i] = Real(0);
          copyRun(ptrdiff_t(to - from) * s.channels, row + ptrdiff_t(left + from) * s.channels,
                  columns + ptrdiff_t(from) * s.channels);
          for (ptrdiff_t i = ptrdiff_t(to) * s.channels; i < run; i++) columns[i] = Real(0);
        }
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

// Calls visit(output pixel, input pixel, tap) for every tap inside the image, in a fixed order.
template <class Visit>
static inline void forEachTap(const ConvolutionShape& s, Visit visit) {
  for (int b = 0; b < s.batch; b++)
    for (int oy = 0; oy < s.outHeight; oy++)
      for (int ox = 0; ox < s.outWidth; ox++) {
        const ptrdiff_t out = ((ptrdiff_t(b) * s.outHeight + oy) * s.outWidth + ox) * s.channels;
        for (int ky = 0; ky < s.kernel; ky++) {
          const int iy = oy * s.stride + ky - s.padding;
          if (iy < 0 || iy >= s.height) continue;
          for (int kx = 0; kx < s.kernel; kx++) {
            const int ix = ox * s.stride + kx - s.padding;
            if (ix < 0 || ix >= s.width) continue;
            visit(out, ((ptrdiff_t(b) * s.height + iy) * s.width + ix) * s.channels,
                  ptrdiff_t(ky * s.kernel + kx) * s.channels);
          }
        }
      }
}

template <class Real>
static void depthwise(const ConvolutionShape& s, const Real* x, const Real* w, Real* y) {
  const ptrdiff_t n = ptrdiff_t(s.batch) * s.outHeight * s.outWidth * s.channels;
  for (ptrdiff_t i = 0; i < n; i++) y[i] = Real(0);
  forEachTap(s, [&](ptrdiff_t out, ptrdiff_t in, ptrdiff_t tap) {
    Real* __restrict to = y + out;
    const Real* __restrict from = x + in;
    const Real* __restrict weight = w + tap;
    for (int c = 0; c < s.channels; c++) to[c] += from[c] * weight[c];
  });
}

template <class Real>
static void depthwiseBack(const ConvolutionShape& s, const Real* x, const Real* w, const Real* dy, Real* dx, Real* dw,
                          bool accumulate) {
  if (dx && !accumulate)
    for (ptrdiff_t i = 0; i < ptrdiff_t(s.batch) * s.height * s.width * s.channels; i++) dx[i] = Real(0);
  forEachTap(s, [&](ptrdiff_t out, ptrdiff_t in, ptrdiff_t tap) {
    const Real* __restrict d = dy + out;
    const Real* __restrict from = x + in;
    Real* __restrict gradient = dw + tap;
    for (int c = 0; c < s.channels; c++) gradient[c] += d[c] * from[c];
    if (!dx) return;
    const Real* __restrict weight = w + tap;
    Real* __restrict to = dx + in;
    for (int c = 0; c < s.channels; c++) to[c] += d[c] * weight[c];
  });
}

template <class Real>
void registerConvolution(Kernels<Real>& k) {
  k.gatherPatches = gatherPatches<Real>;
  k.scatterPatches = scatterPatches<Real>;
  k.depthwise = depthwise<Real>;
  k.depthwiseBack = depthwiseBack<Real>;
}
TRAINLINT_REGISTER(registerConvolution)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
