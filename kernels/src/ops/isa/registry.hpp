// What every file of this folder contributes to its level's table.
#pragma once

#include "ops/kernels.hpp"
#include "simd/math.hpp"
#include "simd/vector.hpp"

namespace trainlint {

#if TRAINLINT_VECTOR_BYTES >= 64
// Fewer columns than a vector of AVX-512 has: six rows of shorter ones keep the processor as busy as twelve.
namespace avx2 {
template <class Real>
void gemm(int M, int N, int K, const Real* a, ptrdiff_t aRow, ptrdiff_t aColumn, const Real* b, ptrdiff_t bRow, Real* c,
          ptrdiff_t cRow, const Real* bias, bool accumulate);
template <class Real>
void convolveFrom(int first, const Patches& patches, int outChannels, const Real* x, const Real* w, const Real* bias,
                  Real* y, bool accumulate);
template <class Real>
void convolveWeightsFrom(int first, const Patches& patches, int outChannels, const Real* x, const Real* dy, Real* dw);
template <class Real>
void transpose(int rows, int columns, const Real* a, ptrdiff_t aRow, Real* b, ptrdiff_t bRow);
}  // namespace avx2
#endif

namespace TRAINLINT_ISA {

// Rows of a register tile of two vectors: with them and their operands the register file is full.
#if defined(__AVX512F__)
static constexpr int kTileRows = 12;
#elif defined(__aarch64__)
static constexpr int kTileRows = 8;
#elif defined(__wasm__)
// V8 loads all operands of a step before it multiplies: eight sums, six operands and a product fill what it hands out.
static constexpr int kTileRows = 4;
#else
static constexpr int kTileRows = 6;
#endif

// Two rows of four vectors need as many registers as four of two, but fewer addresses, and V8 computes each by itself.
#if defined(__wasm__)
static constexpr bool kWideTiles = true;
#else
static constexpr bool kWideTiles = false;
#endif

// For functions that V8 should compile by themselves: what is optimised in one piece is ready that much later.
#define TRAINLINT_APART __attribute__((noinline))

template <class Real>
void gemm(int M, int N, int K, const Real* a, ptrdiff_t aRow, ptrdiff_t aColumn, const Real* b, ptrdiff_t bRow, Real* c,
          ptrdiff_t cRow, const Real* bias, bool accumulate);
#if TRAINLINT_VECTOR_BYTES >= 64
using avx2::transpose;
#else
template <class Real>
void transpose(int rows, int columns, const Real* a, ptrdiff_t aRow, Real* b, ptrdiff_t bRow);
#endif
template <class Real>
void addColumnSums(ptrdiff_t rows, int columns, const Real* a, Real* out);

// y = logistic(x) and y = tanh(x), in place too: long loops, so there is one of each.
template <class Real>
void logisticOf(ptrdiff_t n, const Real* x, Real* y);
template <class Real>
void tanhOf(ptrdiff_t n, const Real* x, Real* y);
// `convolve` and `convolveWeights` for the output channels from `first` on; what dw holds is added to.
template <class Real>
void convolveFrom(int first, const Patches& patches, int outChannels, const Real* x, const Real* w, const Real* bias,
                  Real* y, bool accumulate);
template <class Real>
void convolveWeightsFrom(int first, const Patches& patches, int outChannels, const Real* x, const Real* dy, Real* dw);

template <class Real>
void registerGemm(Kernels<Real>&);
template <class Real>
void registerElementwise(Kernels<Real>&);
template <class Real>
void registerActivation(Kernels<Real>&);
template <class Real>
void registerLayerNorm(Kernels<Real>&);
template <class Real>
void registerAttention(Kernels<Real>&);
template <class Real>
void registerLoss(Kernels<Real>&);
template <class Real>
void registerConvolution(Kernels<Real>&);
template <class Real>
void registerActivationBack(Kernels<Real>&);
template <class Real>
void registerDepthwise(Kernels<Real>&);
template <class Real>
void registerPatches(Kernels<Real>&);
template <class Real>
void registerPooling(Kernels<Real>&);
template <class Real>
void registerBatchNorm(Kernels<Real>&);
template <class Real>
void registerRecurrent(Kernels<Real>&);
template <class Real>
void registerRmsNorm(Kernels<Real>&);
template <class Real>
void registerNormal(Kernels<Real>&);
template <class Real>
void registerDropout(Kernels<Real>&);
#if !defined(TRAINLINT_SHIPPED)
template <class Real>
void registerGroupNorm(Kernels<Real>&);
template <class Real>
void registerDistribution(Kernels<Real>&);
#endif

// Each file ends with this for its register function.
#if TRAINLINT_FLOAT64_LOOPS
#define TRAINLINT_REGISTER(NAME)           \
  template void NAME<float>(Kernels<float>&); \
  template void NAME<double>(Kernels<double>&);
#else
#define TRAINLINT_REGISTER(NAME) template void NAME<float>(Kernels<float>&);
#endif

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
