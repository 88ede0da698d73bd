// Scaled dot-product attention (Vaswani et al. 2017), head by head: softmax(q k^T / sqrt(headSize)) v.
#include "ops/isa/registry.hpp"

namespace trainlint {
namespace TRAINLINT_ISA {

// Far below any score, so that exp of it is an exact zero.
static constexpr float kMasked = -1e30f;

template <class Real>
static void softmaxRow(int n, Real factor, Real* __restrict row) {
  const Real most = largest(n, row);
  for (int j = 0; j < n; j++) row[j] = exponential((row[j] - most) * factor);
  const Real inverse = Real(1) / sum(n, row);
  for (int j = 0; j < n; j++) row[j] *= inverse;
}

template <class Real>
static void attention(const AttentionShape& s, const Real* q, const Real* k, const Real* v, Real* probabilities,
                      Real* out, Real* scratch) {
  const Real factor = Real(1) / squareRoot(Real(s.headSize));
  for (int b = 0; b < s.batch; b++)
    for (int h = 0; h < s.heads; h++) {
      const Real* qh = q + b * s.queries * s.queryStride + h * s.headSize;
      const Real* kh = k + b * s.keys * s.keyStride + h * s.headSize;
      const Real* vh = v + b * s.keys * s.keyStride + h * s.headSize;
      Real* p = probabilities + (ptrdiff_t(b) * s.heads + h) * s.queries * s.keys;
      transpose(s.keys, s.headSize, kh, s.keyStride, scratch, s.keys);
      gemm(s.queries, s.keys, s.headSize, qh, s.queryStride, ptrdiff_t(1), scratch, ptrdiff_t(s.keys), p,
           ptrdiff_t(s.keys), (const Real*)nullptr, false);
      for (int i = 0; i < s.queries; i++) {
        if (s.causal)
          for (int j = i + 1; j < s.keys; j++) p[i * s.keys + j] = Real(kMasked);
        if (s.lengths)
          for (int j = s.lengths[b * s.lengthStride]; j < s.keys; j++) p[i * s.keys + j] = Real(kMasked);
        softmaxRow(s.keys, factor, p + i * s.keys);
      }
      gemm(s.queries, s.headSize, s.keys, p, ptrdiff_t(s.keys), ptrdiff_t(1), vh, s.keyStride,
           out + b * s.queries * s.outStride + h * s.headSize, s.outStride, (const Real*)nullptr, false);
    }
}

template <class Real>
static void attentionBack(const AttentionShape& s, const Real* q, const Real* k, const Real* v,
                          const Real* probabilities, const Real* dOut, Real* dq, Real* dk, Real* dv, Real* scratch) {
  const Real factor = Real(1) / squareRoot(Real(s.headSize));
  Real* dScores = scratch + s.keys * s.headSize;
  for (int b = 0; b < s.batch; b++)
    for (int h = 0; h < s.heads; h++) {
      const ptrdiff_t atQuery = b * s.queries * s.queryStride + h * s.headSize;
      const ptrdiff_t atKey = b * s.keys * s.keyStride + h * s.headSize;
      const Real* p = probabilities + (ptrdiff_t(b) * s.heads + h) * s.queries * s.keys;
      const Real* d = dOut + b * s.queries * s.outStride + h * s.headSize;
      gemm(s.keys, s.headSize, s.queries, p, ptrdiff_t(1), ptrdiff_t(s.keys), d, s.outStride, dv + atKey, s.keyStride,
           (const Real*)nullptr, false);
      transpose(s.keys, s.headSize, v + atKey, s.keyStride, scratch, s.keys);
      gemm(s.queries, s.keys, s.headSize, d, s.outStride, ptrdiff_t(1), scratch, ptrdiff_t(s.keys), dScores,
           ptrdiff_t(s.keys), (const Real*)nullptr, false);
      for (int i = 0; i < s.queries; i++) {
        Real* __restrict row = dScores + i * s.keys;
        const Real* __restrict pr = p + i * s.keys;
        const Real mean = dot(s.keys, row, pr);
        for (int j = 0; j < s.keys; j++) row[j] = pr[j] * (row[j] - mean) * factor;
      }
      gemm(s.queries, s.headSize, s.keys, dScores, ptrdiff_t(s.keys), ptrdiff_t(1), k + atKey, s.keyStride, dq + atQuery,
           s.queryStride, (const Real*)nullptr, false);
      gemm(s.keys, s.headSize, s.queries, dScores, ptrdiff_t(1), ptrdiff_t(s.keys), q + atQuery, s.queryStride,
           dk + atKey, s.keyStride, (const Real*)nullptr, false);
    }
}

template <class Real>
void registerAttention(Kernels<Real>& k) {
  k.attention = attention<Real>;
  k.attentionBack = attentionBack<Real>;
}
TRAINLINT_REGISTER(registerAttention)

}  // namespace TRAINLINT_ISA
}  // namespace trainlint
