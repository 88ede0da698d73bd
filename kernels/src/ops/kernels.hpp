// The numeric loops behind the layers, one table entry each; the files under isa/ fill one table per instruction
// set. Matrices are row major; "rows" are examples times positions (times pixels), "columns" features or channels.
// Images are stored as [batch, height, width, channel].
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace trainlint {

enum class Activation { relu, leakyRelu, tanh, sigmoid, silu, gelu };

/// Where a run of random numbers starts in the counter space of the generator.
struct RandomCounter {
  uint32_t block, stream, sequenceLow, sequenceHigh, key0, key1;
};

/// Multi-head attention over a batch: head h reads columns h*headSize ... of q, k and v, whose rows lie
/// `queryStride`, `keyStride` elements apart. `probabilities` is [batch, heads, queries, keys].
struct AttentionShape {
  int batch, heads, queries, keys, headSize;
  ptrdiff_t queryStride, keyStride, outStride;
  bool causal;
  /// Keys of an example that count, from the first, at least 1; null: all. Example b's at lengths[b*lengthStride].
  const int32_t* lengths = nullptr;
  ptrdiff_t lengthStride = 0;
};

struct ConvolutionShape {
  int batch, height, width, channels;     // input
  int outHeight, outWidth;                // output
  int kernel, stride, padding;
};

/// The patches of an image with a border of zeros, in place: patch i begins at element `start[i]` and has `kernel`
/// stretches of `run` numbers (kernel times channels), `rowStride` elements apart.
struct Patches {
  int count, kernel, run;
  ptrdiff_t rowStride;
  const int32_t* start;
};

template <class Real>
struct Kernels {
  /// C[M,N] = A B (+ C if accumulate, else + bias by column if given). A(i,k) = a[i*aRow + k*aColumn], so that
  /// A may be stored transposed; B(k,j) = b[k*bRow + j]. Sums run over k in order.
  void (*gemm)(int M, int N, int K, const Real* a, ptrdiff_t aRow, ptrdiff_t aColumn, const Real* b, ptrdiff_t bRow,
               Real* c, ptrdiff_t cRow, const Real* bias, bool accumulate);
  /// b[j,i] = a[i,j]
  void (*transpose)(int rows, int columns, const Real* a, ptrdiff_t aRow, Real* b, ptrdiff_t bRow);
  /// out[j] += sum over i of a[i,j]
  void (*addColumnSums)(ptrdiff_t rows, int columns, const Real* a, Real* out);

  void (*add)(ptrdiff_t n, const Real* a, const Real* b, Real* y);
  void (*accumulate)(ptrdiff_t n, const Real* x, Real* y);             // y += x
  void (*scale)(ptrdiff_t n, Real factor, Real* y);                    // y *= factor
  void (*multiply)(ptrdiff_t n, const Real* a, const Real* b, Real* y);  // y = a b
  /// y[b, r, c] = x[b, r, c] gate[b, c]
  void (*gateColumns)(int batch, int rows, int columns, const Real* x, const Real* gate, Real* y);
  /// dx (+)= dy gate and dGate (+)= the sum over rows of dy x.
  void (*gateColumnsBack)(int batch, int rows, int columns, const Real* x, const Real* gate, const Real* dy, Real* dx,
                          Real* dGate, bool accumulateX, bool accumulateGate);
  void (*clamp)(ptrdiff_t n, Real limit, Real* y);                     // to [-limit, limit]; NaN stays
  double (*sumSquares)(ptrdiff_t n, const Real* x);                    // in double
  double (*sumSquaredDifferences)(ptrdiff_t n, const Real* a, const Real* b);

  /// y = f(x); `derivative` (gelu and silu only; may be null) receives f'(x) for the way back.
  void (*activate)(Activation kind, Real slope, ptrdiff_t n, const Real* x, Real* y, Real* derivative);
  /// dx (+)= dy f'(x)
  void (*activateBack)(Activation kind, Real slope, ptrdiff_t n, const Real* y, const Real* derivative, const Real* dy,
                       Real* dx, bool accumulate);

  /// y = (x - mean) / sqrt(variance + 1e-5) * gain + offset by row; keeps `normalized` and 1/deviation.
  void (*layerNorm)(ptrdiff_t rows, int columns, const Real* x, const Real* gain, const Real* offset, Real* y,
                    Real* normalized, Real* inverseDeviation);
  void (*layerNormBack)(ptrdiff_t rows, int columns, const Real* dy, const Real* normalized,
                        const Real* inverseDeviation, const Real* gain, Real* dx, Real* dGain, Real* dOffset,
                        bool accumulate);

  /// y = x / sqrt(mean(x^2) + 1e-6) * gain by row.
  void (*rmsNorm)(ptrdiff_t rows, int columns, const Real* x, const Real* gain, Real* y, Real* normalized,
                  Real* inverse);
  void (*rmsNormBack)(ptrdiff_t rows, int columns, const Real* dy, const Real* normalized, const Real* inverse,
                      const Real* gain, Real* dx, Real* dGain, bool accumulate);

  /// scratch: keys*headSize + queries*keys elements
  void (*attention)(const AttentionShape&, const Real* q, const Real* k, const Real* v, Real* probabilities, Real* out,
                    Real* scratch);
  void (*attentionBack)(const AttentionShape&, const Real* q, const Real* k, const Real* v, const Real* probabilities,
                        const Real* dOut, Real* dq, Real* dk, Real* dv, Real* scratch);

  /// Sum over rows of -log softmax(logits)[target]; rows with target < 0 do not count. If `grad` is given it gets
  /// (softmax - onehot) * gradScale.
  double (*crossEntropy)(ptrdiff_t rows, int columns, const Real* logits, const int32_t* targets, Real gradScale,
                         Real* grad);
  /// Sum of squared differences; `grad` gets 2 (x - target) gradScale.
  double (*squaredError)(ptrdiff_t n, const Real* x, const Real* target, Real gradScale, Real* grad);

  /// padded[b, y+padding, x+padding, c] = x[b, y, x, c]; the border of `padded` is left as it is.
  void (*padImage)(const ConvolutionShape&, const Real* x, Real* padded);
  /// y[i, o] = sum over (ky, kx, c) in order of patch i times w[(ky, kx, c), o] (+ y if accumulate, else + bias if
  /// given), o < outChannels.
  void (*convolve)(const Patches&, int outChannels, const Real* padded, const Real* w, const Real* bias, Real* y,
                   bool accumulate);
  /// dw[(ky, kx, c), o] = sum over i in order of patch i times dy[i, o].
  void (*convolveWeights)(const Patches&, int outChannels, const Real* padded, const Real* dy, Real* dw);
  /// The way back of a matrix of patches [b, oy, ox, (ky, kx, c)]: dx (+)= the sum over all patches a pixel lies in.
  void (*scatterPatches)(const ConvolutionShape&, const Real* dColumns, Real* dx, bool accumulate);
  /// Depthwise: y[.., c] = sum over (ky, kx) of x[.., c] w[(ky, kx), c].
  void (*depthwise)(const ConvolutionShape&, const Real* x, const Real* w, Real* y);
  /// dx (+)=, dw +=; dx may be null.
  void (*depthwiseBack)(const ConvolutionShape&, const Real* x, const Real* w, const Real* dy, Real* dx, Real* dw,
                        bool accumulate);
  /// 2x2 maximum with stride 2; `winner` keeps which of the four it was.
  void (*maxPool)(int batch, int height, int width, int channels, const Real* x, Real* y, uint8_t* winner);
  void (*maxPoolBack)(int batch, int height, int width, int channels, const Real* dy, const uint8_t* winner, Real* dx,
                      bool accumulate);
  /// y[b, c] = mean over positions of x[b, p, c]
  void (*meanRows)(int batch, int rows, int columns, const Real* x, Real* y);
  void (*meanRowsBack)(int batch, int rows, int columns, const Real* dy, Real* dx, bool accumulate);

  /// Batch statistics of each column, in double: mean and biased variance.
  void (*columnMoments)(ptrdiff_t rows, int columns, const Real* x, double* mean, double* variance);
  /// y = h * gain + offset with h = (x - mean) * inverse, all by column.
  void (*normalizeColumns)(ptrdiff_t rows, int columns, const Real* x, const Real* mean, const Real* inverse,
                           const Real* gain, const Real* offset, Real* y);
  /// Column sums in double of dy and of dy * h.
  void (*columnGradients)(ptrdiff_t rows, int columns, const Real* dy, const Real* x, const Real* mean,
                          const Real* inverse, double* sums, double* products);
  /// dx (+)= factor * (dy - meanDy - h * meanProduct), by column.
  void (*batchNormBack)(ptrdiff_t rows, int columns, const Real* dy, const Real* x, const Real* mean,
                        const Real* inverse, const Real* factor, const Real* meanDy, const Real* meanProduct, Real* dx,
                        bool accumulate);

  // One time step of recurrent cells; see ops/isa/recurrent.cpp.
  void (*lstmCell)(int batch, int hidden, ptrdiff_t gateStride, ptrdiff_t stateStride, Real* gates, const Real* before,
                   Real* cell, Real* tanhCell, Real* h);
  void (*lstmCellBack)(int batch, int hidden, ptrdiff_t gateStride, ptrdiff_t stateStride, const Real* gates,
                       const Real* before, const Real* tanhCell, const Real* dh, Real* dCell, Real* dGates);
  void (*gruCell)(int batch, int hidden, ptrdiff_t gateStride, ptrdiff_t stateStride, Real* gates,
                  const Real* recurrent, const Real* before, Real* h);
  void (*gruCellBack)(int batch, int hidden, ptrdiff_t gateStride, ptrdiff_t stateStride, const Real* gates,
                      const Real* recurrent, const Real* before, const Real* dh, Real* dBefore, Real* dInput,
                      Real* dRecurrent);
  void (*rnnCell)(int batch, int hidden, ptrdiff_t stride, const Real* sums, Real* h);
  void (*rnnCellBack)(int batch, int hidden, ptrdiff_t stride, const Real* h, const Real* dh, Real* dSums);

  /// Sum of weight * -log p(target) for logits x and targets in [0, 1]; positive targets weigh `positiveWeight`.
  /// `grad` gets its derivative times gradScale.
  double (*logisticLoss)(ptrdiff_t n, const Real* x, const Real* target, Real positiveWeight, Real gradScale, Real* grad);

  void (*fillNormal)(const RandomCounter& at, Real* out, size_t n);
  /// out = 0 where a word of 32 random bits is below `threshold`, else `factor`.
  void (*fillDropout)(const RandomCounter& at, uint32_t threshold, Real factor, Real* out, size_t n);

#if !defined(TRAINLINT_SHIPPED)
  // No proxy needs these: they are tested, or timed, and left out of what ships.

  /// Adds one or two sources to each of up to three targets (two sources: up to two); without targets, returns the
  /// sources' sum. The memory traffic of an optimizer's pass without its arithmetic: the bench's measure.
  Real (*stream)(ptrdiff_t n, int sourceCount, const Real* const* sources, int targetCount, Real* const* targets);

  /// By example and group of columns: y = (x - mean) / sqrt(variance + 1e-5) * gain + offset, mean and variance over
  /// all rows of the group; keeps `normalized` and 1/deviation [batch, groups].
  void (*groupNorm)(int batch, int rows, int columns, int groups, const Real* x, const Real* gain, const Real* offset,
                    Real* y, Real* normalized, Real* inverseDeviation);
  /// dx (+)=, dGain +=, dOffset +=
  void (*groupNormBack)(int batch, int rows, int columns, int groups, const Real* dy, const Real* normalized,
                        const Real* inverseDeviation, const Real* gain, Real* dx, Real* dGain, Real* dOffset,
                        bool accumulate);
  /// y = softmax(x) by row
  void (*softmax)(ptrdiff_t rows, int columns, const Real* x, Real* y);
  void (*softmaxBack)(ptrdiff_t rows, int columns, const Real* y, const Real* dy, Real* dx, bool accumulate);
  /// Sum of d^2 / 2 where |d| <= delta, else delta (|d| - delta / 2), d = x - target; `grad` gets its derivative times
  /// gradScale.
  double (*huber)(ptrdiff_t n, const Real* x, const Real* target, Real delta, Real gradScale, Real* grad);
  /// Sum over rows of KL(target || softmax(logits)), target rows being distributions; zero targets add nothing. `grad`
  /// gets its derivative by the logits times gradScale.
  double (*klDivergence)(ptrdiff_t rows, int columns, const Real* logits, const Real* target, Real gradScale,
                         Real* grad);
#endif
};

/// The table of the active instruction set (float), or the reference table of the tests (double).
template <class Real>
const Kernels<Real>& kernels();
template <>
const Kernels<float>& kernels<float>();
template <>
const Kernels<double>& kernels<double>();

}  // namespace trainlint
