// Convolutions over [batch, height, width, channel]. The ordinary one multiplies the patches where they lie, in an
// image with a border of zeros: copying them into a matrix costs as much as the product when there are few channels.
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
struct Convolved {
  const Patches& patches;
  int outChannels;
  const Real *x, *w, *bias;
  Real* y;
  bool accumulate;
};

// y[i ... i+Rows, j ... j+Vectors*width] in registers while the patches' elements pass by in order
template <class Real, int Bytes, int Rows, int Vectors>
static inline void convolveTile(const Convolved<Real>& p, int i, int j) {
  typedef typename VectorOf<Real, Bytes>::type Vector;
  constexpr int width = Bytes / int(sizeof(Real));
  const ptrdiff_t N = p.outChannels;
  Real* y = p.y + i * N + j;
  Vector sum[Rows][Vectors];
  for (int r = 0; r < Rows; r++)
    for (int v = 0; v < Vectors; v++) {
      if (p.accumulate) sum[r][v] = *(const Vector*)(y + r * N + v * width);
      else if (p.bias) sum[r][v] = *(const Vector*)(p.bias + j + v * width);
      else sum[r][v] = Vector{};
    }
  const Real* patch[Rows];
  for (int r = 0; r < Rows; r++) patch[r] = p.x + p.patches.start[i + r];
  const Real* w = p.w + j;
  for (int ky = 0; ky < p.patches.kernel; ky++) {
    for (ptrdiff_t k = 0; k < p.patches.run; k++, w += N) {
      Vector row[Vectors];
      for (int v = 0; v < Vectors; v++) row[v] = *(const Vector*)(w + v * width);
      for (int r = 0; r < Rows; r++) {
        const Real factor = patch[r][k];
        for (int v = 0; v < Vectors; v++) sum[r][v] += factor * row[v];
      }
    }
    for (int r = 0; r < Rows; r++) patch[r] += p.patches.rowStride;
  }
  for (int r = 0; r < Rows; r++)
    for (int v = 0; v < Vectors; v++) *(Vector*)(y + r * N + v * width) = sum[r][v];
}

template <class Real, int Bytes, int Vectors>
TRAINLINT_APART static void convolveStripe(const Convolved<Real>& given, int j) {
  const Convolved<Real> p = given;  // a copy of its own, which no store can change
  constexpr int kRows = Vectors <= 2 ? kTileRows : 2;
  int i = 0;
  for (; i + kRows <= p.patches.count; i += kRows) convolveTile<Real, Bytes, kRows, Vectors>(p, i, j);
  if constexpr (kRows > 4)
    for (; i + 4 <= p.patches.count; i += 4) convolveTile<Real, Bytes, 4, Vectors>(p, i, j);
  for (; i < p.patches.count; i++) convolveTile<Real, Bytes, 1, Vectors>(p, i, j);
}

template <class Real>
static void convolve(const Patches& patches, int outChannels, const Real* x, const Real* w, const Real* bias, Real* y,
                     bool accumulate) {
  const Convolved<Real> p{patches, outChannels, x, w, bias, y, accumulate};
  constexpr int width = TRAINLINT_VECTOR_BYTES / int(sizeof(Real));
  int j = 0;
  if constexpr (kWideTiles)
    for (; j + 4 * width <= outChannels; j += 4 * width) convolveStripe<Real, TRAINLINT_VECTOR_BYTES, 4>(p, j);
  for (; j + 2 * width <= outChannels; j += 2 * width) convolveStripe<Real, TRAINLINT_VECTOR_BYTES, 2>(p, j);
  for (; j + width <= outChannels; j += width) convolveStripe<Real, TRAINLINT_VECTOR_BYTES, 1>(p, j);
#if TRAINLINT_VECTOR_BYTES >= 64
  for (; j + 32 / int(sizeof(Real)) <= outChannels; j += 32 / int(sizeof(Real))) convolveStripe<Real, 32, 1>(p, j);
#endif
#if TRAINLINT_VECTOR_BYTES >= 32
  for (; j + 16 / int(sizeof(Real)) <= outChannels; j += 16 / int(sizeof(Real))) convolveStripe<Real, 16, 1>(p, j);
#endif
  for (; j < outChannels; j++) convolveStripe<Real, int(sizeof(Real)), 1>(p, j);
}

// dw[taps[0 ... Rows], j ... j+Vectors*width] over patches from ... to; the sums go on from what dw holds
template <class Real, int Bytes, int Rows, int Vectors>
static inline void weightTile(const Convolved<Real>& p, const int* taps, Real* dw, int from, int to, int j) {
  typedef typename VectorOf<Real, Bytes>::type Vector;
  constexpr int width = Bytes / int(sizeof(Real));
  const ptrdiff_t N = p.outChannels;
  Vector sum[Rows][Vectors];
  const Real* x[Rows];
  for (int r = 0; r < Rows; r++) {
    x[r] = p.x + taps[r];
    for (int v = 0; v < Vectors; v++) sum[r][v] = *(const Vector*)(dw + r * N + j + v * width);
  }
  const Real* dy = p.y + from * N + j;
  for (int i = from; i < to; i++, dy += N) {
    const ptrdiff_t start = p.patches.start[i];
    Vector row[Vectors];
    for (int v = 0; v < Vectors; v++) row[v] = *(const Vector*)(dy + v * width);
    for (int r = 0; r < Rows; r++) {
      const Real factor = x[r][start];
      for (int v = 0; v < Vectors; v++) sum[r][v] += factor * row[v];
    }
  }
  for (int r = 0; r < Rows; r++)
    for (int v = 0; v < Vectors; v++) *(Vector*)(dw + r * N + j + v * width) = sum[r][v];
}

template <class Real, int Bytes, int Vectors>
TRAINLINT_APART static void weightStripe(const Convolved<Real>& given, int depth, Real* dw, int from, int to,
                                         int j) {
  const Convolved<Real> p = given;  // a copy of its own, which no store can change
  const Patches& s = p.patches;
  constexpr int kRows = Vectors <= 2 ? kTileRows : 2, kFewer = kRows > 3 ? 3 : 1;
  int taps[kRows];
  for (int k = 0; k < depth;) {
    const int rows = depth - k >= kRows ? kRows : depth - k >= kFewer ? kFewer : 1;
    for (int r = 0; r < rows; r++) taps[r] = int((k + r) / s.run * s.rowStride) + (k + r) % s.run;
    Real* into = dw + ptrdiff_t(k) * p.outChannels;
    if (rows == kRows) weightTile<Real, Bytes, kRows, Vectors>(p, taps, into, from, to, j);
    else if (rows == kFewer) weightTile<Real, Bytes, kFewer, Vectors>(p, taps, into, from, to, j);
    else weightTile<Real, Bytes, 1, Vectors>(p, taps, into, from, to, j);
    k += rows;
  }
}

template <class Real>
static void convolveWeights(const Patches& patches, int outChannels, const Real* x, const Real* dy, Real* dw) {
  const Convolved<Real> p{patches, outChannels, x, nullptr, nullptr, const_cast<Real*>(dy), false};
  const int depth = patches.kernel * patches.run;
  for (ptrdiff_t i = 0; i < ptrdiff_t(depth) * outChannels; i++) dw[i] = Real(0);
  constexpr int width = TRAINLINT_VECTOR_BYTES / int(sizeof(Real));
  // Few enough patches at a time that they and dy stay in the first cache while all taps pass over them.
  constexpr int kBlock = 128;
  for (int from = 0; from < patches.count; from += kBlock) {
    const int to = from + kBlock < patches.count ? from + kBlock : patches.count;
    int j = 0;
    if constexpr (kWideTiles)
      for (; j + 4 * width <= outChannels; j += 4 * width)
        weightStripe<Real, TRAINLINT_VECTOR_BYTES, 4>(p, depth, dw, from, to, j);
    for (; j + 2 * width <= outChannels; j += 2 * width)
      weightStripe<Real, TRAINLINT_VECTOR_BYTES, 2>(p, depth, dw, from, to, j);
    for (; j + width <= outChannels; j += width)
      weightStripe<Real, TRAINLINT_VECTOR_BYTES, 1>(p, depth, dw, from, to, j);
#if TRAINLINT_VECTOR_BYTES >= 64
    for (; j + 32 / int(sizeof(Real)) <= outChannels; j += 32 / int(sizeof(Real)))
      weightStripe<Real, 32, 1>(p, depth, dw, from, to, j);
#endif
#if TRAINLINT_VECTOR_BYTES >= 32
    for (; j + 16 / int(sizeof(Real)) <= outChannels; j += 16 / int(sizeof(Real)))
      weightStripe<Real, 16, 1>(p, depth, dw, from, to, j);
#endif
    for (; j < outChannels; j++) weightStripe<Real, int(sizeof(Real)), 1>(p, depth, dw, from, to, j);
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

// Depthwise: sixteen channels of a pixel at a time, what is left over one by one.
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
void registerConvolution(Kernels<Real>& k) {
  k.padImage = padImage<Real>;
  k.convolve = convolve<Real>;
  k.convolveWeights = convolveWeights<Real>;
  k.scatterPatches = scatterPatches<Real>;
  k.depthwise = depthwise<Real>;
  k.depthwiseBack = depthwiseBack<Real>;
}
TRAINLINT_REGISTER(registerConvolution)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
