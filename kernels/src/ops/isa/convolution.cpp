// Convolutions over [batch, height, width, channel]. The ordinary one multiplies the patches where they lie, in an
// image with a border of zeros: copying them into a matrix costs as much as the product when there are few channels.
#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

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
void convolveFrom(int first, const Patches& patches, int outChannels, const Real* x, const Real* w, const Real* bias,
                  Real* y, bool accumulate) {
  const Convolved<Real> p{patches, outChannels, x, w, bias, y, accumulate};
  constexpr int width = TRAINLINT_VECTOR_BYTES / int(sizeof(Real));
  int j = first;
  if constexpr (kWideTiles)
    for (; j + 4 * width <= outChannels; j += 4 * width) convolveStripe<Real, TRAINLINT_VECTOR_BYTES, 4>(p, j);
  for (; j + 2 * width <= outChannels; j += 2 * width) convolveStripe<Real, TRAINLINT_VECTOR_BYTES, 2>(p, j);
  for (; j + width <= outChannels; j += width) convolveStripe<Real, TRAINLINT_VECTOR_BYTES, 1>(p, j);
#if TRAINLINT_VECTOR_BYTES >= 64
  if (j < outChannels) avx2::convolveFrom<Real>(j, patches, outChannels, x, w, bias, y, accumulate);
#else
#if TRAINLINT_VECTOR_BYTES >= 32
  for (; j + 16 / int(sizeof(Real)) <= outChannels; j += 16 / int(sizeof(Real))) convolveStripe<Real, 16, 1>(p, j);
#endif
  for (; j < outChannels; j++) convolveStripe<Real, int(sizeof(Real)), 1>(p, j);
#endif
}

template <class Real>
static void convolve(const Patches& patches, int outChannels, const Real* x, const Real* w, const Real* bias, Real* y,
                     bool accumulate) {
  convolveFrom(0, patches, outChannels, x, w, bias, y, accumulate);
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
void convolveWeightsFrom(int first, const Patches& patches, int outChannels, const Real* x, const Real* dy, Real* dw) {
  const Convolved<Real> p{patches, outChannels, x, nullptr, nullptr, const_cast<Real*>(dy), false};
  const int depth = patches.kernel * patches.run;
  constexpr int width = TRAINLINT_VECTOR_BYTES / int(sizeof(Real));
  // Few enough patches at a time that they and dy stay in the first cache while all taps pass over them.
  constexpr int kBlock = 128;
  int j = first;
  for (int from = 0; from < patches.count; from += kBlock) {
    const int to = from + kBlock < patches.count ? from + kBlock : patches.count;
    j = first;
    if constexpr (kWideTiles)
      for (; j + 4 * width <= outChannels; j += 4 * width)
        weightStripe<Real, TRAINLINT_VECTOR_BYTES, 4>(p, depth, dw, from, to, j);
    for (; j + 2 * width <= outChannels; j += 2 * width)
      weightStripe<Real, TRAINLINT_VECTOR_BYTES, 2>(p, depth, dw, from, to, j);
    for (; j + width <= outChannels; j += width)
      weightStripe<Real, TRAINLINT_VECTOR_BYTES, 1>(p, depth, dw, from, to, j);
#if TRAINLINT_VECTOR_BYTES < 64
#if TRAINLINT_VECTOR_BYTES >= 32
    for (; j + 16 / int(sizeof(Real)) <= outChannels; j += 16 / int(sizeof(Real)))
      weightStripe<Real, 16, 1>(p, depth, dw, from, to, j);
#endif
    for (; j < outChannels; j++) weightStripe<Real, int(sizeof(Real)), 1>(p, depth, dw, from, to, j);
#endif
  }
#if TRAINLINT_VECTOR_BYTES >= 64
  if (j < outChannels) avx2::convolveWeightsFrom<Real>(j, patches, outChannels, x, dy, dw);
#endif
}

template <class Real>
static void convolveWeights(const Patches& patches, int outChannels, const Real* x, const Real* dy, Real* dw) {
  for (ptrdiff_t i = 0; i < ptrdiff_t(patches.kernel) * patches.run * outChannels; i++) dw[i] = Real(0);
  convolveWeightsFrom(0, patches, outChannels, x, dy, dw);
}

template <class Real>
void registerConvolution(Kernels<Real>& k) {
  k.convolve = convolve<Real>;
  k.convolveWeights = convolveWeights<Real>;
}
TRAINLINT_REGISTER(registerConvolution)

#define TRAINLINT_INSTANTIATE(REAL)                                                                                \
  template void convolveFrom<REAL>(int, const Patches&, int, const REAL*, const REAL*, const REAL*, REAL*, bool); \
  template void convolveWeightsFrom<REAL>(int, const Patches&, int, const REAL*, const REAL*, REAL*);
TRAINLINT_INSTANTIATE(float)
#if TRAINLINT_FLOAT64_LOOPS
TRAINLINT_INSTANTIATE(double)
#endif

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
