// y = x W^T + b, W stored [out, in] as in torch.nn.Linear; drawn uniformly within 1/sqrt(in) as PyTorch does
// unless another initializer is given.
#pragma once

#include <cmath>

#include "program/program.hpp"

namespace trainlint {

struct DenseOptions {
  bool bias = true;
  Initializer weight{Fill::uniform, 0};  // value 0: 1/sqrt(in)
  Initializer biasFill{Fill::uniform, 0};
  int group = 0;
};

template <class Real>
class Dense : public Layer<Real> {
 public:
  Dense(Program<Real>& program, Tensor<Real>* x, Tensor<Real>* y, DenseOptions options) : x_(x), y_(y) {
    const int in = x->columns, out = y->columns;
    const auto resolve = [&](Initializer i) {
      if (i.kind == Fill::uniform && i.value == 0) i.value = 1 / std::sqrt(double(in));
      return i;
    };
    weight = program.parameter({out, in}, resolve(options.weight), true, options.group);
    hasBias_ = options.bias;
    if (hasBias_) bias = program.parameter({out}, resolve(options.biasFill), false, options.group);
    program.buffer(&transposed_, 0, size_t(in) * out);
    program.denseLayers.push_back({weight.segment, hasBias_ ? bias.segment : -1, x, y});
  }

  std::vector<Tensor<Real>*> inputs() override {
    if (!x_->needsGrad) return {};
    return {x_};
  }

  void forward(Pass<Real>& p) override {
    const int in = x_->columns, out = y_->columns, rows = p.batch * x_->rows;
    p.k.transpose(out, in, p.params + weight.offset, in, transposed_, out);
    p.k.gemm(rows, out, in, x_->value, in, 1, transposed_, out, y_->value, out,
             hasBias_ ? p.params + bias.offset : nullptr, false);
  }

  void backward(Pass<Real>& p) override {
    const int in = x_->columns, out = y_->columns, rows = p.batch * x_->rows;
    if (in < 8 && out >= 8) {
      // the transposed product keeps the long side in the vectors
      Real* small = transposed_;
      p.k.gemm(in, out, rows, x_->value, 1, in, y_->grad, out, small, out, nullptr, false);
      Real* dw = p.grads + weight.offset;
      for (int i = 0; i < in; i++)
        for (int o = 0; o < out; o++) dw[o * in + i] += small[i * out + o];
    } else {
      p.k.gemm(out, in, rows, y_->grad, 1, out, x_->value, in, p.grads + weight.offset, in, nullptr, true);
    }
    if (hasBias_) p.k.addColumnSums(rows, out, y_->grad, p.grads + bias.offset);
    if (x_->needsGrad)
      p.k.gemm(rows, in, out, y_->grad, out, 1, p.params + weight.offset, in, x_->grad, in, nullptr, this->adds[0]);
  }

  Parameter weight, bias;

 private:
  Tensor<Real>*x_, *y_;
  bool hasBias_ = true;
  Real* transposed_ = nullptr;
};

/// Adds a dense layer with `out` features.
template <class Real>
Tensor<Real>* dense(Program<Real>& program, Tensor<Real>* x, int out, DenseOptions options = {}) {
  Tensor<Real>* y = program.tensor(x->rows, out);
  program.template add<Dense<Real>>(program, x, y, options);
  return y;
}

}  // namespace trainlint
