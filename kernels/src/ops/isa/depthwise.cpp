// Depthwise convolutions over [batch, height, width, channel]: sixteen channels of a pixel at a time, what is left over
// one by one.
#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

template <class Real>
struct Single {
  Real value;
  static inline Single load(const Real* p) { return {*p}; }
  static inline Single zero() { return {Real(0)}; }
  inline void store(Real* p) const { *p = value; }
  inline void operator+=(const Single& o) { value += o.value; }
  inline Single operator*(const Single& o) const { return {value * o.value}; }
};

template <class Real, class Each>
static inline void forEachChannel(int channels, Each each) {
  int c = 0;
  for (; c + 16 <= channels; c += 16) each(c, Lanes<Real>::zero());
  for (; c < channels; c++) each(c, Single<Real>::zero());
}

/// The taps of one axis that meet a pixel: tap i joins pixel first + i with weight firstWeight + i * weightStep.
struct Taps {
  int count, pixel, weight, weightStep;
};

// Input pixels under the kernel for output pixel `at`.
static inline Taps tapsOfOutput(int at, int stride, int padding, int kernel, int size) {
  const int first = at * stride - padding, from = first < 0 ? -first : 0;
  const int to = first + kernel > size ? size - first : kernel;
  return {to - from, first + from, from, 1};
}

// Output pixels that input pixel `at` has a share in, in their order.
static inline Taps tapsOfInput(int at, int stride, int padding, int kernel, int size) {
  const int scaled = at + padding;
  const int from = scaled < kernel ? 0 : (scaled - kernel) / stride + 1;
  const int last = scaled / stride < size ? scaled / stride : size - 1;
  return {last - from + 1, from, scaled - from * stride, -stride};
}

// Adds the taps of one row; unrolled for the counts that occur in the middle of an image.
template <int Count, class Real, class Sum>
static inline void addTaps(int count, ptrdiff_t channels, ptrdiff_t weightStep, const Real* from, const Real* weight,
                           Sum& sum) {
  for (int i = 0; i < (Count ? Count : count); i++)
    sum += Sum::load(from + i * channels) * Sum::load(weight + i * weightStep);
}

// to[c] (+)= sum over the taps of from[pixel, c] weight[tap, c] for one pixel.
template <class Real>
static inline void sumTaps(const Taps& rows, const Taps& columns, int width, int kernel, int channels, const Real* from,
                           const Real* w, Real* to, bool accumulate) {
  const ptrdiff_t C = channels;
  forEachChannel<Real>(channels, [&](int c, auto sum) {
    if (accumulate) sum = decltype(sum)::load(to + c);
    const Real* row = from + (ptrdiff_t(rows.pixel) * width + columns.pixel) * C + c;
    const Real* weights = w + (ptrdiff_t(rows.weight) * kernel + columns.weight) * C + c;
    for (int i = 0; i < rows.count; i++, row += width * C, weights += rows.weightStep * kernel * C) {
      if (columns.count == 3) addTaps<3>(3, C, columns.weightStep * C, row, weights, sum);
      else if (columns.count == 2) addTaps<2>(2, C, columns.weightStep * C, row, weights, sum);
      else addTaps<0>(columns.count, C, columns.weightStep * C, row, weights, sum);
    }
    sum.store(to + c);
  });
}

template <class Real>
static void depthwise(const ConvolutionShape& s, const Real* x, const Real* w, Real* y) {
  for (int b = 0; b < s.batch; b++, x += ptrdiff_t(s.height) * s.width * s.channels)
    for (int oy = 0; oy < s.outHeight; oy++) {
      const Taps rows = tapsOfOutput(oy, s.stride, s.padding, s.kernel, s.height);
      for (int ox = 0; ox < s.outWidth; ox++, y += s.channels)
        sumTaps(rows, tapsOfOutput(ox, s.stride, s.padding, s.kernel, s.width), s.width, s.kernel, s.channels, x, w, y,
                false);
    }
}

// dw[kx ... kx+Count, c] += the products along one row of output pixels `dy` and input pixels `x`, sums in registers.
template <int Count, class Real>
static inline void addRowProducts(const ConvolutionShape& s, int kx, const Real* x, const Real* dy, Real* dw) {
  const ptrdiff_t C = s.channels;
  forEachChannel<Real>(s.channels, [&](int c, auto zero) {
    typedef decltype(zero) Sum;
    Sum sum[Count];
    for (int k = 0; k < Count; k++) sum[k] = Sum::load(dw + (kx + k) * C + c);
    for (int ox = 0; ox < s.outWidth; ox++) {
      const int ix = ox * s.stride - s.padding + kx;
      const Sum d = Sum::load(dy + ox * C + c);
      const Real* from = x + ix * C + c;
      if (ix >= 0 && ix + Count <= s.width) {
        for (int k = 0; k < Count; k++) sum[k] += d * Sum::load(from + k * C);
      } else {
        for (int k = 0; k < Count; k++)
          if (ix + k >= 0 && ix + k < s.width) sum[k] += d * Sum::load(from + k * C);
      }
    }
    for (int k = 0; k < Count; k++) sum[k].store(dw + (kx + k) * C + c);
  });
}

template <class Real>
static void depthwiseBack(const ConvolutionShape& s, const Real* x, const Real* w, const Real* dy, Real* dx, Real* dw,
                          bool accumulate) {
  const ptrdiff_t inputRow = ptrdiff_t(s.width) * s.channels, outputRow = ptrdiff_t(s.outWidth) * s.channels;
  for (int b = 0; b < s.batch; b++, x += s.height * inputRow, dy += s.outHeight * outputRow) {
    for (int oy = 0; oy < s.outHeight; oy++)
      for (int ky = 0; ky < s.kernel; ky++) {
        const int iy = oy * s.stride + ky - s.padding;
        if (iy < 0 || iy >= s.height) continue;
        const Real* row = x + iy * inputRow;
        const Real* d = dy + oy * outputRow;
        Real* into = dw + ptrdiff_t(ky) * s.kernel * s.channels;
        int kx = 0;
        for (; kx + 3 <= s.kernel; kx += 3) addRowProducts<3>(s, kx, row, d, into);
        for (; kx < s.kernel; kx++) addRowProducts<1>(s, kx, row, d, into);
      }
    if (!dx) continue;
    for (int iy = 0; iy < s.height; iy++) {
      const Taps rows = tapsOfInput(iy, s.stride, s.padding, s.kernel, s.outHeight);
      for (int ix = 0; ix < s.width; ix++, dx += s.channels)
        sumTaps(rows, tapsOfInput(ix, s.stride, s.padding, s.kernel, s.outWidth), s.outWidth, s.kernel, s.channels, dy, w,
                dx, accumulate);
    }
  }
}

template <class Real>
void registerDepthwise(Kernels<Real>& k) {
  k.depthwise = depthwise<Real>;
  k.depthwiseBack = depthwiseBack<Real>;
}
TRAINLINT_REGISTER(registerDepthwise)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
