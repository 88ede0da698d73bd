// Multi-head self-attention between a query-key-value projection and an output projection.
#pragma once

#include "ops/dense.hpp"

namespace trainlint {

/// Attention over `qkv` = [queries | keys | values], each `width` columns.
template <class Real>
class SelfAttention : public Layer<Real> {
 public:
  SelfAttention(Program<Real>& program, Tensor<Real>* qkv, Tensor<Real>* y, int heads, bool causal)
      : qkv_(qkv), y_(y), heads_(heads), causal_(causal) {
    const size_t positions = size_t(qkv->rows);
    program.buffer(&probabilities_, size_t(heads) * positions * positions);
    program.buffer(&scratch_, 0, positions * size_t(y->columns / heads) + positions * positions);
  }
  std::vector<Tensor<Real>*> inputs() override { return {qkv_}; }
  void forward(Pass<Real>& p) override {
    const int width = y_->columns;
    p.k.attention(shape(p), qkv_->value, qkv_->value + width, qkv_->value + 2 * width, probabilities_, y_->value,
                  scratch_);
  }
  void backward(Pass<Real>& p) override {
    const int width = y_->columns;
    p.k.attentionBack(shape(p), qkv_->value, qkv_->value + width, qkv_->value + 2 * width, probabilities_, y_->grad,
                      qkv_->grad, qkv_->grad + width, qkv_->grad + 2 * width, scratch_);
  }

 private:
  AttentionShape shape(const Pass<Real>& p) const {
    const int width = y_->columns;
    return {p.batch, heads_, qkv_->rows, qkv_->rows, width / heads_, 3 * width, 3 * width, width, causal_};
  }
  Tensor<Real>*qkv_, *y_;
  int heads_;
  bool causal_;
  Real *probabilities_ = nullptr, *scratch_ = nullptr;
};

template <class Real>
Tensor<Real>* selfAttention(Program<Real>& program, Tensor<Real>* x, int heads, bool causal, DenseOptions options = {}) {
  Tensor<Real>* qkv = dense(program, x, 3 * x->columns, options);
  Tensor<Real>* y = program.tensor(x->rows, x->columns);
  program.template add<SelfAttention<Real>>(program, qkv, y, heads, causal);
  return dense(program, y, x->columns, options);
}

}  // namespace trainlint
