// Transformer blocks shared by the gpt, bert, vit and t5 proxies.
#pragma once

#include <cmath>

#include "ops/activation.hpp"
#include "ops/add.hpp"
#include "ops/attention.hpp"
#include "ops/dense.hpp"
#include "ops/dropout.hpp"
#include "ops/layer_norm.hpp"

namespace trainlint {

struct BlockOptions {
  int heads = 2;
  bool causal = false;
  bool postNorm = false;
  int expansion = 4;
  double dropout = 0;     // at the end of each residual branch, as GPT-2 and BERT have it
  double weightGain = 0;  // standard deviation times sqrt(in) of normal weights; 0: PyTorch's uniform default
};

template <class Real>
DenseOptions blockDense(const BlockOptions& o, int in) {
  DenseOptions d;
  if (o.weightGain > 0) {
    d.weight = {Fill::normal, o.weightGain / std::sqrt(double(in))};
    d.biasFill = {Fill::constant, 0};
  }
  return d;
}

template <class Real>
Tensor<Real>* feedForward(Program<Real>& program, Tensor<Real>* x, const BlockOptions& o) {
  const int d = x->columns;
  Tensor<Real>* h = dense(program, x, o.expansion * d, blockDense<Real>(o, d));
  return dense(program, activation(program, h, Activation::gelu), d, blockDense<Real>(o, o.expansion * d));
}

/// Pre-norm (GPT-2, ViT): x + f(norm(x)); post-norm (BERT): norm(x + f(x)).
template <class Real>
Tensor<Real>* transformerBlock(Program<Real>& program, Tensor<Real>* x, const BlockOptions& o) {
  const DenseOptions d = blockDense<Real>(o, x->columns);
  const auto join = [&](Tensor<Real>* branch) { return add(program, x, dropout(program, branch, o.dropout)); };
  if (o.postNorm) {
    x = layerNorm(program, join(selfAttention(program, x, o.heads, o.causal, d)));
    return layerNorm(program, join(feedForward(program, x, o)));
  }
  x = join(selfAttention(program, layerNorm(program, x), o.heads, o.causal, d));
  return join(feedForward(program, layerNorm(program, x), o));
}

}  // namespace trainlint
